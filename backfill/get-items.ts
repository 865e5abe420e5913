import { batchGet, MAX_GET_KEYS } from '../src/source/batch-get.ts';
import type { TableReader } from '../src/source/table-reader.ts';
import type { AttributeMap } from '../src/value/attribute-value.ts';
import { budgeted } from './budgeted.ts';
import { maxGetUnits, type ReadBudget } from './read-budget.ts';

export type GetOptions = {
  readonly reader: Pick<TableReader, 'get'>;
  /** Name of the table. */
  readonly table: string;
  readonly budget: ReadBudget;
  readonly signal: AbortSignal;
};

/**
 * Reads items by their keys, strongly consistent, within a budget: in the order of the keys, `null` for one that doesn't
 * exist. Near the cap fewer are asked for at a time, so that what is left of it is used; and at a low rate, so that it holds
 * from one second to the next.
 *
 * @throws {TailraceError} `read-cap-reached` if one more could pass the cap; else what the reader throws.
 */
export function getItems(
  keys: readonly AttributeMap[],
  { reader, table, budget, signal }: GetOptions,
): Promise<readonly (AttributeMap | null)[]> {
  return batchGet(keys, async (wanted) => {
    // Each costs a unit at least: no more than a second's at a low rate.
    const atRate = Math.max(1, Math.floor(budget.unitsPerSecond ?? MAX_GET_KEYS));
    let size = Math.min(wanted.length, MAX_GET_KEYS, atRate);
    while (size > 1 && maxGetUnits(size) > budget.room) size--;
    const asked = wanted.slice(0, size);
    const { items, unprocessed } = await budgeted(budget, maxGetUnits(size), signal, (onRetry) =>
      reader.get({ table, keys: asked, signal, onRetry }),
    );
    return { items, unprocessed: [...unprocessed, ...wanted.slice(size)] };
  });
}
