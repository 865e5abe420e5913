import type { StateDifference } from '../../src/destination/snapshot-store.ts';
import { count, counted, duration } from './format.ts';
import type { ProgressState } from './progress.ts';

/** How far a scan has come. */
export type ScanProgress = {
  readonly items: number;
  /** DynamoDB's own count: hours old, and 0 where it doesn't count. */
  readonly aboutItems: number;
  /** Read capacity units used. */
  readonly units: number;
};

/**
 * The progress line of a scan: a bar only while the table's count can be right, and "about" before each figure derived
 * from that count.
 *
 * @param cost The cost so far, as text; `undefined` if there is none to show.
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

/** The line that reports what publishing a snapshot changed. */
export function differenceLine({ added, removed, different, unchanged }: StateDifference): string {
  return (
    `Compared with the state before: ${count(added)} added, ${count(removed)} removed, ` +
    `${count(different)} different, ${count(unchanged)} unchanged.`
  );
}

/** The line that reports that the table returned keys more than once, and why that can happen. */
export function repeatedKeysLine(table: string, times: number): string {
  return (
    `${counted(times, 'item')} of ${table} had the key of an earlier item: the server stores several items whose ` +
    'keys are equal, such as 1 and 1.0, or an item moved during the scan. The latest view shows one item per key.'
  );
}
