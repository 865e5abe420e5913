import { batchGet, MAX_GET_KEYS } from '../../src/source/batch-get.ts';
import type { TableReader } from '../../src/source/table-reader.ts';
import type { AttributeMap } from '../../src/value/attribute-value.ts';
import { budgetedRequest } from '../cost/budgeted-request.ts';
import type { ReadBudget } from '../cost/read-budget.ts';
import { maxGetUnits } from '../cost/request-cost.ts';

export type GetOptions = {
  readonly reader: Pick<TableReader, 'get'>;
  /** Name of the table. */
  readonly table: string;
  readonly budget: ReadBudget;
  readonly signal: AbortSignal;
};

/** So few keys are asked for before it is known how large items are: they may have 400 KB each. */
const FIRST_KEYS = 16;
/** What one answer should cost: a unit for each 4 KB, and so 4 MB. DynamoDB would fill 16 MB. */
const ANSWER_UNITS = 1_024;

/**
 * Reads items by their keys, strongly consistent, within a budget: in the order of the keys, `null` for one that doesn't
 * exist. No more than a few megabytes of them are held at a time: `read` makes of each what is wanted of it. Near the cap
 * fewer are asked for at a time, so that what is left of it is used; and at a low rate, so that it holds from one second
 * to the next.
 *
 * @throws {TailraceError} `read-cap-reached` if one more could pass the cap; else what the reader throws.
 */
export function getItems<T>(
  keys: readonly AttributeMap[],
  { reader, table, budget, signal }: GetOptions,
  read: (item: AttributeMap) => T,
): Promise<readonly (T | null)[]> {
  let most = FIRST_KEYS;
  const request = async (wanted: readonly AttributeMap[]) => {
    // Each costs a unit at least: no more than a second's at a low rate.
    const atRate = Math.max(1, Math.floor(budget.unitsPerSecond ?? MAX_GET_KEYS));
    let size = Math.min(wanted.length, most, atRate);
    while (size > 1 && maxGetUnits(size) > budget.room) size--;
    const asked = wanted.slice(0, size);
    const { items, unprocessed, consumedUnits } = await budgetedRequest(
      budget,
      maxGetUnits(size),
      signal,
      (onRetry, late) => reader.get({ table, keys: asked, signal: late, onRetry }),
    );
    most = keysFor(size - unprocessed.length, consumedUnits);
    return { items, unprocessed: [...unprocessed, ...wanted.slice(size)] };
  };
  return batchGet(keys, request, read);
}

/** How many keys to ask for next, by what some have cost; as many as may be, where the server doesn't count. */
function keysFor(keys: number, units: number): number {
  if (units === 0) return MAX_GET_KEYS;
  return Math.max(1, Math.min(MAX_GET_KEYS, Math.floor((keys * ANSWER_UNITS) / units)));
}
