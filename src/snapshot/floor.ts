/** Five minutes: far more than a stream is behind its table, and than two servers' clocks are apart. */
const MARGIN_MS = 5 * 60 * 1000;

/**
 * The time from which the changelog's rows count over a snapshot, in milliseconds since the epoch.
 *
 * A changelog row since the floor beats the snapshot's row of its key, and the highest position wins among several. A row
 * before the floor doesn't count. Every change since the floor is in the stream, so a key with a row since then has its
 * truth there; the item of a key without one hasn't changed since before the scan, so the snapshot is its truth.
 *
 * Three scenarios. Each scan begins at 10:00, so its floor is 9:55.
 *
 * A change during the scan:
 *
 * ```text
 *  9:55 floor   10:00 begin   10:02 scan reads v1   10:03 v1 → v2   10:10 publish
 *  snapshot: v1     changelog: v2 at 10:03, counts     view: v2
 * ```
 *
 * The view shows v2, whether its row arrives before the snapshot is published or after. Had the scan read v2, both would
 * say the same.
 *
 * A delete during the scan:
 *
 * ```text
 *  9:55 floor   10:00 begin   10:02 scan reads v1   10:03 deleted   10:10 publish
 *  snapshot: v1     changelog: REMOVE at 10:03, counts     view: no item
 * ```
 *
 * A floor at the end of the scan would hide the REMOVE, and v1 would stay in the view for good.
 *
 * A replay a week late, of a key that was deleted since:
 *
 * ```text
 *  a week ago: v1   later: deleted   9:55 floor   10:02 scan finds no item   10:10 publish   10:20 replay of v1
 *  snapshot: no row     changelog: v1 of a week ago, doesn't count     view: no item
 * ```
 *
 * If the REMOVE was lost, v1 is the only row of its key: without a floor the replay would bring the item back.
 *
 * The margin makes sure that no change after the scan began carries a time before the floor. Rows within it do no harm:
 * the newest change of their key has a row too. Its price: where the stream lost that newest change, an older row within
 * the margin hides what the scan read, until the next backfill.
 *
 * @param startedAt When the reading began, by DynamoDB's clock.
 */
export function floorOf(startedAt: number): number {
  return startedAt - MARGIN_MS;
}
