import { ownTimeOf } from '../record/creation-time.ts';

/**
 * How many of a page's records changed before the floor of the published snapshot. Their rows don't count in the latest
 * view, whose snapshot is younger; only a compaction, which keeps positions, has to take them into account.
 *
 * @param floor Milliseconds since the epoch; `null` where everything counts.
 * @param firstArrivalAt The time of records that have none, as in a record page.
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
