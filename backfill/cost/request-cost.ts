import { MAX_GET_KEYS } from '../../src/source/batch-get.ts';

/** Bytes that one read capacity unit of a scan covers, eventually consistent: half a unit for each 4 KB. */
export const SCAN_BYTES_PER_UNIT = 8192;

/**
 * The most read capacity units that one page of a scan can cost, eventually consistent: half a unit for each 4 KB of
 * 1 MB, and of the item that crosses it, which is read too and has 400 KB at most.
 * Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html>
 */
export const MAX_PAGE_UNITS = (1024 + 400) / 8;

/** The most that reading an item by key can cost, strongly consistent: one unit for each 4 KB of 400 KB. */
const MAX_ITEM_UNITS = 100;
/** An answer ends behind the item that crosses 16 MB; each item is rounded up to 4 KB. */
const MAX_GET_UNITS = (16 * 1024 + 400) / 4 + MAX_GET_KEYS;

/**
 * The most read capacity units that one BatchGetItem of `keys` keys can cost.
 * Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html>
 */
export function maxGetUnits(keys: number): number {
  return Math.min(keys * MAX_ITEM_UNITS, MAX_GET_UNITS);
}
