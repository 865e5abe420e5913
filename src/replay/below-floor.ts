import { ownTimeOf } from '../record/creation-time.ts';

/**
 * Counts the records of a page that changed before the floor of a snapshot: their rows don't count over it.
 *
 * @param floor Milliseconds since the epoch; `null` where everything counts.
 * @param firstArrivalAt The time of records without one, as in a record page.
 */
export function countBelowFloor(
  records: readonly unknown[],
  firstArrivalAt: number | null,
  floor: number | null,
): number {
  if (floor === null) return 0;
  return records.filter((record) => {
    const time = ownTimeOf(record) ?? firstArrivalAt;
    return time !== null && time < floor;
  }).length;
}
