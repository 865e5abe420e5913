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

/** How many keys the first request has: its items may have 400 KB each. */
const FIRST_KEYS = 16;
/** What one answer should cost, at a unit for each 4 KB: 4 MB. DynamoDB would fill 16 MB. */
const ANSWER_UNITS = 1_024;

/**
 * Reads items by their keys, strongly consistent, within a budget: in the order of the keys, `null` for a key without an
 * item. `read` reduces each item to what the caller needs, so memory holds a few megabytes of items at a time. Near the
 * cap a request has fewer keys, so that the rest of the cap can be used; and at a low rate, so that the rate holds from one
 * second to the next.
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
    // Each key costs a unit at least: at a low rate a request takes at most a second of it.
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

/** How many keys the next request has, by the cost of the last; as many as possible if the server doesn't count. */
function keysFor(keys: number, units: number): number {
  if (units === 0) return MAX_GET_KEYS;
  return Math.max(1, Math.min(MAX_GET_KEYS, Math.floor((keys * ANSWER_UNITS) / units)));
}
