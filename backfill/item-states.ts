import { isKind } from '../src/errors.ts';
import type { Transform } from '../src/privacy/transform.ts';
import { toKeyDigest } from '../src/snapshot/row.ts';
import { MAX_GET_KEYS } from '../src/source/batch-get.ts';
import { parseKey } from '../src/source/key-parse.ts';
import type { TableDescription } from '../src/source/table-reader.ts';
import type { AttributeMap } from '../src/value/attribute-value.ts';
import { type GetOptions, getItems } from './get-items.ts';
import type { State } from './settlement.ts';

export type ItemStatesOptions = Omit<GetOptions, 'table'> & {
  readonly description: TableDescription;
  readonly transform: Transform;
};

export type ItemState = {
  readonly item: State;
  /** Why the item can't be carried, where it can't. Holds no value of it. */
  readonly reason: string | undefined;
};

/**
 * The states of a table's items by the text of their keys, strongly consistent, in their order. No more than one request's
 * items are held at a time.
 *
 * @throws {TailraceError} as {@link getItems} does.
 */
export async function itemStates(
  keys: readonly string[],
  { description, transform, ...reading }: ItemStatesOptions,
): Promise<readonly ItemState[]> {
  const { table, keys: attributes } = description;
  const names = attributes.map(({ name }) => name);
  const states: ItemState[] = [];
  for (const batch of batches(keys, MAX_GET_KEYS)) {
    const wanted = batch.map((key) => parseKey(key, attributes));
    const items = await getItems(wanted, { ...reading, table: table.name });
    for (const item of items) states.push(stateOfItem(item, names, transform));
  }
  return states;
}

/** Cuts a list into parts of a size. */
export function* batches<T>(values: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < values.length; start += size) yield values.slice(start, start + size);
}

/** No digest looks like it, so it agrees with nothing. */
const UNREADABLE = 'unreadable';

function stateOfItem(item: AttributeMap | null, keyNames: readonly string[], transform: Transform): ItemState {
  if (item === null) return { item: null, reason: undefined };
  try {
    return { item: toKeyDigest(item, keyNames, transform).digest, reason: undefined };
  } catch (error) {
    if (!isKind(error, 'record-invalid')) throw error;
    return { item: UNREADABLE, reason: error.message };
  }
}
