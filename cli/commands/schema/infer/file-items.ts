import { isUtf8 } from 'node:buffer';
import { TailraceError } from '../../../../src/errors.ts';
import { fileFailure, isSystemError } from '../../../../src/file-failure.ts';
import { JsonPieces } from '../../../../src/replay/text/json-pieces.ts';
import { UnreadableText } from '../../../../src/replay/text/piece.ts';
import { plainText } from '../../../../src/replay/text/plain-text.ts';
import { parseCanonical } from '../../../../src/schema/infer/exact-json.ts';
import type { ItemFacts } from '../../../../src/schema/infer/item-facts.ts';
import type { Files } from '../../../files/files.ts';
import { ItemIntake, unusable } from './item-intake.ts';

const LINE_FEED = 0x0a;
const OPEN_BRACE = 0x7b;

/** The lists of items in what `aws dynamodb scan` prints, and of records in what a Lambda gets. */
const LISTS = ['Items', 'Records'];

export type FileReading = {
  readonly files: Files;
  readonly facts: ItemFacts;
  readonly maxItems: number;
  readonly signal: AbortSignal;
  /** Called now and then. */
  readonly onProgress: () => void;
};

/**
 * Reads the items of a file: one on each line, in DynamoDB's JSON as exports have it, or in plain JSON; or one JSON text over
 * many lines, as `aws dynamodb scan` prints it. gzip is opened. Memory holds a line at a time, or an item.
 *
 * @param path `-` is standard input.
 * @throws {TailraceError} `usage-invalid` if it can't be read, or has bad lines: then it names their numbers.
 */
export async function readFileItems(path: string, reading: FileReading): Promise<void> {
  const { files, facts } = reading;
  const name = path === '-' ? 'standard input' : path;
  const bytes = path === '-' ? files.stdin() : files.read(path, () => {});
  const intake = new ItemIntake(name, facts);
  try {
    await readText(plainText(bytes), intake, reading, name);
  } catch (error) {
    if (error instanceof UnreadableText) throw unusable(`${name} ${error.problem}`, error);
    if (!isSystemError(error)) throw error;
    throw new TailraceError('usage-invalid', `${name} can't be read: ${fileFailure(error).reason}`, {
      remedy: 'Name a file that exists, or - for standard input.',
      cause: error,
    });
  }
  intake.refuseBadLines();
}

async function readText(
  chunks: AsyncIterable<Uint8Array>,
  intake: ItemIntake,
  { facts, maxItems, signal, onProgress }: FileReading,
  name: string,
): Promise<void> {
  const text = new ItemText(intake, () => facts.items >= maxItems);
  for await (const chunk of readAhead(chunks)) {
    if (signal.aborted) throw new TailraceError('interrupted', `Reading ${name} was interrupted`);
    text.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    onProgress();
    if (facts.items >= maxItems) return;
  }
  text.end();
}

/** Reads the next chunk while one is taken apart. */
async function* readAhead(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const input = chunks[Symbol.asyncIterator]();
  const read = () => {
    const reading = input.next();
    // It is thrown when it is awaited.
    reading.catch(() => {});
    return reading;
  };
  try {
    let next = read();
    for (let { done, value } = await next; !done; { done, value } = await next) {
      next = read();
      yield value;
    }
  } finally {
    await input.return?.();
  }
}

/** Takes a text apart: line by line, unless the first line isn't a JSON value by itself. */
class ItemText {
  readonly #intake: ItemIntake;
  readonly #isEnough: () => boolean;
  /** The parts of a line that no chunk has ended. */
  #begun: Buffer[] = [];
  #line = 0;
  #isFirst = true;
  #pieces: JsonPieces | undefined;

  constructor(intake: ItemIntake, isEnough: () => boolean) {
    this.#intake = intake;
    this.#isEnough = isEnough;
  }

  push(chunk: Buffer): void {
    if (this.#pieces) this.#pushPieces(this.#pieces, chunk);
    else this.#takeLines(chunk);
  }

  end(): void {
    this.push(Buffer.from('\n'));
    for (const { value, lists, line } of this.#pieces?.end() ?? []) this.#addPiece(value, lists, line);
  }

  /** Each line becomes a text of its own: one text of a whole chunk would be copied and collected at greater cost. */
  #takeLines(chunk: Buffer): void {
    let from = 0;
    // Lines are looked at one by one only where one of them is not UTF-8.
    const isSound = isUtf8(chunk.subarray(chunk.indexOf(LINE_FEED) + 1, chunk.lastIndexOf(LINE_FEED) + 1));
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
      if (this.#isEnough()) return;
      this.#line++;
      const line =
        from > 0 && isSound ? chunk.toString('utf8', from, end) : this.#textOf(this.#ended(chunk.subarray(from, end)));
      from = end + 1;
      if (this.#isFirst && isCutOff(line)) {
        this.#pieces = new JsonPieces(new Set(LISTS));
        this.#pushPieces(this.#pieces, Buffer.from(`${'\n'.repeat(this.#line - 1)}${line}\n`));
        this.#pushPieces(this.#pieces, chunk.subarray(from));
        return;
      }
      if (line.charCodeAt(0) !== OPEN_BRACE && line.trim() === '') continue;
      this.#addLine(line);
      this.#isFirst = false;
    }
    if (from < chunk.length) this.#begun.push(chunk.subarray(from));
  }

  /** A whole line, with what chunks before had of it. */
  #ended(last: Buffer): Buffer {
    if (this.#begun.length === 0) return last;
    const line = Buffer.concat([...this.#begun, last]);
    this.#begun = [];
    return line;
  }

  #textOf(bytes: Buffer): string {
    if (!isUtf8(bytes)) throw new UnreadableText(`is not UTF-8 text (line ${this.#line})`);
    return bytes.toString();
  }

  #addLine(line: string): void {
    try {
      const value = this.#intake.form === 'plain' ? parseCanonical(line) : JSON.parse(line);
      // The first item tells the form: a plain one is read again, by the rule for its numbers.
      const isPlain = this.#intake.form === undefined && this.#intake.formOf(value) === 'plain';
      this.#intake.add(isPlain ? parseCanonical(line) : value, this.#line);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#intake.markBad(this.#line, 'is not JSON');
    }
  }

  #pushPieces(pieces: JsonPieces, chunk: Uint8Array): void {
    for (const { value, lists, line } of pieces.push(chunk)) {
      if (!this.#isEnough()) this.#addPiece(value, lists, line);
    }
  }

  #addPiece(value: unknown, lists: readonly string[], line: number): void {
    // The items of a scan came before the object around them.
    if (lists.some((list) => LISTS.includes(list))) return;
    if (this.#intake.formOf(value) === 'plain') throw new UnreadableText(`has plain JSON over several lines`);
    this.#intake.add(value, line);
  }
}

/** Whether a line is the beginning of a JSON value that goes on behind it. */
function isCutOff(line: string): boolean {
  if (!/^\s*[[{]/.test(line)) return false;
  try {
    JSON.parse(line);
    return false;
  } catch {
    return true;
  }
}
