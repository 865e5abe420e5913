import type { LatestRow } from '../../src/destination/destination.ts';
import { isKind } from '../../src/errors.ts';
import type { Transform } from '../../src/privacy/transform.ts';
import { toSnapshotRow } from '../../src/snapshot/row.ts';
import { parseKey } from '../../src/source/key-parse.ts';
import type { TableDescription } from '../../src/source/table-reader.ts';
import type { AttributeMap } from '../../src/value/attribute-value.ts';
import { canonicalText } from '../../src/value/canonical-text.ts';
import { digestOf } from '../../src/value/digest.ts';
import { type GetOptions, getItems } from './get-items.ts';
import type { State } from './verdict.ts';

export type ItemStatesOptions = Omit<GetOptions, 'table'> & {
  readonly description: TableDescription;
  readonly transform: Transform;
};

export type ItemState = {
  readonly item: State;
  /** Of the item's canonical text; `null` where there is none. */
  readonly characters: number | null;
  /** Why the item can't be carried, if it can't. Holds no value of it. */
  readonly reason: string | undefined;
};

/**
 * The states of a table's items by the text of their keys, strongly consistent, in their order. Memory holds one answer's
 * items at a time.
 *
 * @throws {TailraceError} as {@link getItems} does.
 */
export async function itemStates(
  keys: readonly string[],
  { description, transform, ...reading }: ItemStatesOptions,
): Promise<readonly ItemState[]> {
  const { table, keys: attributes } = description;
  const names = attributes.map(({ name }) => name);
  const wanted = keys.map((key) => parseKey(key, attributes));
  const read = (item: AttributeMap) => stateOfItem(item, names, transform);
  const states = await getItems(wanted, { ...reading, table: table.name }, read);
  return states.map((state) => state ?? NO_ITEM);
}

/** Cuts a list into parts of a size. */
export function* batches<T>(values: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < values.length; start += size) yield values.slice(start, start + size);
}

/** The state of an item that can't be carried. No digest looks like it, so it agrees with nothing. */
const UNREADABLE = 'unreadable';

const NO_ITEM: ItemState = { item: null, characters: null, reason: undefined };

function stateOfItem(item: AttributeMap, keyNames: readonly string[], transform: Transform): ItemState {
  try {
    const { digest, item: text } = toSnapshotRow(item, keyNames, transform);
    return { item: digest, characters: text?.length ?? null, reason: undefined };
  } catch (error) {
    if (!isKind(error, 'record-invalid')) throw error;
    return { item: UNREADABLE, characters: null, reason: error.message };
  }
}

/** The state of a row in the latest view whose item doesn't match its digest. No digest looks like it. */
export const DAMAGED = 'damaged';

/** The state of a key in the latest view, by its whole item and not by the stored digest alone. */
export function stateOfView(row: LatestRow | undefined): State {
  if (!row) return null;
  return digestOf(canonicalText(row.item)) === row.digest ? row.digest : DAMAGED;
}
