import type { StateDifference } from '../../src/destination/snapshot-store.ts';
import { count, counted, duration } from './format.ts';
import type { ProgressState } from './progress.ts';

/** How far the reading of a table is. */
export type ScanProgress = {
  readonly items: number;
  /** DynamoDB's own count: hours old, and 0 where it doesn't count. */
  readonly aboutItems: number;
  /** Read capacity units used. */
  readonly units: number;
};

/**
 * The line of a scan: a bar only while the table's count can be right, and "about" before what follows from it.
 *
 * @param cost What it cost so far, as it is told; `undefined` where there is nothing to tell.
 */
export function scanLine(
  table: string,
  { items, aboutItems, units }: ScanProgress,
  perSecond: number,
  cost?: string,
): ProgressState & { readonly more: readonly string[] } {
  const known = aboutItems > 0 && items <= aboutItems;
  const text = `${table}: ${known ? `${count(items)} of about ${counted(aboutItems, 'item')}` : counted(items, 'item')}`;
  const more = [
    counted(units, 'read unit'),
    ...(cost === undefined ? [] : [cost]),
    ...(known && perSecond > 0 ? [`about ${duration(((aboutItems - items) / perSecond) * 1_000)} left`] : []),
    `${count(perSecond)}/s`,
  ];
  return known ? { text, more, fraction: items / aboutItems } : { text, more };
}

/** The line that tells what publishing a snapshot changed. */
export function differenceLine({ added, removed, different, unchanged }: StateDifference): string {
  return (
    `Changed against the state before: ${count(added)} added, ${count(removed)} removed, ` +
    `${count(different)} different, ${count(unchanged)} as they were.`
  );
}

/** Says that the source gave keys more than once, and why that can be. */
export function repeatedKeysLine(table: string, times: number): string {
  return (
    `A key of ${table} came again ${counted(times, 'time')}: the server keeps several items whose keys are one and the same, ` +
    'such as 1 and 1.0, or one moved while it was read. The latest view shows one item of each key.'
  );
}
