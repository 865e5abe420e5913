/** Five minutes: far more than a stream is behind its table, and than two servers' clocks are apart. */
const MARGIN_MS = 5 * 60 * 1000;

/**
 * The time from which the changelog's rows count over a snapshot, in milliseconds since the epoch.
 *
 * Every change since the floor is in the stream, so a key with a row since then has its truth there; the item of a key
 * without one hasn't changed since before the scan, so the snapshot is its truth. `docs/guarantees.md` shows histories.
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
