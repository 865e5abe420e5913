import { isKind, TailraceError } from '../../../../src/errors.ts';
import type { ItemFacts } from '../../../../src/schema/infer/item-facts.ts';
import { isObject } from '../../../../src/value/is-object.ts';
import { type FileForm, type FileItem, itemsIn } from './file-form.ts';

/** Bad lines that a message names, at most. */
const NAMED = 5;

const FORMS = { attributes: "DynamoDB's JSON", plain: 'plain JSON' } as const;

/** Takes the items of a file, and notes the lines that have none. */
export class ItemIntake {
  readonly #name: string;
  readonly #facts: ItemFacts;
  readonly #named: string[] = [];
  #badLines = 0;
  /** That of the first item; all others must have it. */
  form: FileForm | undefined;

  /** @param name The file's, for messages. */
  constructor(name: string, facts: ItemFacts) {
    this.#name = name;
    this.#facts = facts;
  }

  /** Adds the items in a parsed value. */
  add(value: unknown, line: number): void {
    // Nearly every line of an export is like the first: its form is looked at by the facts themselves.
    const item = this.form === 'attributes' ? exported(value) : undefined;
    if (item !== undefined) {
      this.#addItem(item, 'attributes', line);
      return;
    }
    const items = itemsIn(value);
    if (items === undefined) this.markBad(line, 'has no item');
    else for (const { item, form } of items) this.#addItem(item, form, line);
  }

  /** The form of the first item in a value, if it has one. */
  formOf(value: unknown): FileForm | undefined {
    const form = itemsIn(value)?.find((item) => item.form !== 'empty')?.form;
    return form === 'empty' ? undefined : form;
  }

  markBad(line: number, problem: string): void {
    this.#badLines++;
    if (this.#named.length < NAMED) this.#named.push(`line ${line} ${problem}`);
  }

  /** @throws {TailraceError} `usage-invalid` that names the bad lines, if there are any: what is in them is unknown. */
  refuseBadLines(): void {
    if (this.#badLines === 0) return;
    const more = this.#badLines - this.#named.length;
    throw unusable(`${this.#name}: ${this.#named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`);
  }

  #addItem(item: FileItem['item'], form: FileItem['form'], line: number): void {
    if (form !== 'empty') this.form ??= form;
    if (form !== 'empty' && form !== this.form) {
      this.markBad(line, `is ${FORMS[form]}, unlike the first item`);
      return;
    }
    try {
      if (form === 'plain') this.#facts.addJson(item);
      else this.#facts.addAttributes(item);
    } catch (error) {
      if (!isKind(error, 'record-invalid')) throw error;
      this.markBad(line, 'has an item that is none of DynamoDB');
    }
  }
}

/** The item in the envelope of an export. */
function exported(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!isObject(value)) return undefined;
  const { Item } = value;
  if (!isObject(Item)) return undefined;
  for (const name in value) if (name !== 'Item') return undefined;
  return Item;
}

/** The error of a file that can't be used as it is. */
export function unusable(message: string, cause?: unknown): TailraceError {
  return new TailraceError('usage-invalid', message, {
    remedy:
      "Give items as DynamoDB's exports and `aws dynamodb scan` print them, or plain JSON with one item a line, as " +
      "`jq -c '.[]'` prints it.",
    ...(cause !== undefined && { cause }),
  });
}
