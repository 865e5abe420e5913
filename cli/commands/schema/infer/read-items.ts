import { requireKnown } from '../../../../src/destination/nothing-of-table.ts';
import { TailraceError } from '../../../../src/errors.ts';
import { ItemFacts } from '../../../../src/schema/infer/item-facts.ts';
import { isObject } from '../../../../src/value/is-object.ts';
import type { Dependencies } from '../../../dependencies.ts';
import { DEFAULT_INFER_ITEMS } from '../../../options/defaults.ts';
import { letNewSpaceGrow } from '../../../small-heap.ts';
import { count, counted } from '../../../terminal/format.ts';
import type { Output } from '../../../terminal/output.ts';
import { terminalLog } from '../../../terminal/terminal-log.ts';
import { readFileItems } from './file-items.ts';
import type { SchemaInferOptions } from './infer-options.ts';
import { readTableItems } from './table-items.ts';

/** Items of a file between two lines of progress, at least. */
const SHOWN_EVERY = 1_000;

/** Items that were read, and from where. */
export type ItemsRead = {
  readonly facts: ItemFacts;
  readonly from: 'table' | 'destination' | 'file';
  /** Read units that were used; `null` where none are counted. */
  readonly units: number | null;
  /** What was read, for people. */
  readonly said: string;
};

/** Reads the items that a schema is inferred from. */
export async function readItems(
  options: SchemaInferOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ItemsRead> {
  const progress = output.progress();
  const show = (items: number, more: readonly string[] = []) =>
    progress.update({ text: `${options.table}: ${counted(items, 'item')}`, more });
  try {
    // Nothing but the facts of an item is stored.
    letNewSpaceGrow();
    if (options.file !== undefined) return await fromFile(options, options.file, dependencies, show);
    if (options.from === 'destination') return await fromDestination(options, dependencies, show);
    return await fromTable(options, dependencies, output, show);
  } finally {
    progress.stop();
  }
}

type Show = (items: number, more?: readonly string[]) => void;

async function fromFile(
  { keys = [], maxItems = Number.POSITIVE_INFINITY }: SchemaInferOptions,
  file: string,
  { files, signal }: Dependencies,
  show: Show,
): Promise<ItemsRead> {
  const facts = new ItemFacts(keys);
  let shown = 0;
  const onProgress = () => {
    if (facts.items < shown + SHOWN_EVERY) return;
    shown = facts.items;
    show(shown);
  };
  await readFileItems(file, { files, facts, maxItems, signal, onProgress });
  const name = file === '-' ? 'standard input' : file;
  return { facts, from: 'file', units: null, said: `Read ${counted(facts.items, 'item')} of ${name}.` };
}

async function fromTable(
  { aws, table, maxItems = DEFAULT_INFER_ITEMS, maxReadUnits, keys }: SchemaInferOptions,
  { connect, clock, signal }: Dependencies,
  output: Output,
  show: Show,
): Promise<ItemsRead> {
  using connection = await connect(aws, terminalLog(output));
  const { tables } = connection;
  const description = await tables.describe(table);
  const facts = new ItemFacts(keys ?? description.keys.map(({ name }) => name));
  const onProgress = (units: number) => show(facts.items, [counted(units, 'read unit')]);
  const reading = { tables, table, facts, maxItems, maxReadUnits, clock, signal, onProgress };
  const { units, read } = await readTableItems(reading);
  const part = {
    all: `Read all ${counted(facts.items, 'item')} of ${table}`,
    enough: `Read ${counted(facts.items, 'item')} of ${table}, which has about ${count(description.itemCount)}`,
    capped: `Read ${counted(facts.items, 'item')} of ${table}, as many as --max-read-units ${maxReadUnits} allows`,
  }[read];
  return { facts, from: 'table', units, said: `${part}: ${counted(units, 'read unit')}.` };
}

async function fromDestination(
  { destination: name, table, maxItems = DEFAULT_INFER_ITEMS, keys }: SchemaInferOptions,
  { openDestination }: Dependencies,
  show: Show,
): Promise<ItemsRead> {
  await using destination = await openDestination(name);
  const { source, seen } = await requireKnown(table, destination);
  const facts = new ItemFacts(keys ?? (seen?.keys ?? []).map((key) => key.name));
  const items = await destination.countLatest(source);
  const sample = { share: items <= maxItems ? 1 : maxItems / items, salt: '' };
  for await (const page of destination.sampleItems(source, sample, maxItems)) {
    for (const { item } of page) facts.addJson(parsed(item, name));
    show(facts.items);
  }
  const part = facts.items < items ? ` of ${count(items)}` : '';
  return {
    facts,
    from: 'destination',
    units: null,
    said: `Read ${counted(facts.items, 'item')}${part} of the latest view of ${table} in ${name}.`,
  };
}

function parsed(json: string, destination: string): Readonly<Record<string, unknown>> {
  const item: unknown = JSON.parse(json);
  if (isObject(item)) return item;
  throw new TailraceError('destination-invalid', `${destination} has an item that is no JSON object`);
}
