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
