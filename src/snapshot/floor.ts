/** Five minutes: far more than a stream is behind its table, and than two servers' clocks are apart. */
const MARGIN_MS = 5 * 60 * 1000;

/**
 * The time from which the changelog's rows count over a snapshot, in milliseconds since the epoch.
 *
 * Every change since then is in the stream, so if a key has a row since then, its newest is the truth; if it has none,
 * the item has not changed since before the snapshot was read, and the snapshot is the truth.
 *
 * @param startedAt When the reading began, by DynamoDB's clock.
 */
export function floorOf(startedAt: number): number {
  return startedAt - MARGIN_MS;
}
