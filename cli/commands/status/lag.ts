import { savedAt, type TailState } from './tail-state.ts';

/** How far the destination is behind the table, and what shows it. */
export type Lag = {
  /** In milliseconds; `null` if it isn't known. */
  readonly ms: number | null;
  /**
   * `tail`: the time up to which the tail has read the stream. `newest change`: the age of the newest change in the changelog,
   * which a quiet table and a stopped reader give alike. `null` if neither is there.
   */
  readonly by: 'tail' | 'newest change' | null;
};

/** A killed tail may have written rows for so long after its last checkpoint. */
const LATE_ROWS_MS = 60_000;

/**
 * The lag of a table. It never seems smaller than it is: where nothing proves that all is read, it is unknown, or it grows.
 *
 * A running tail knows it. Of a stopped one the lag grows, unless rows have come since, by another reader.
 *
 * @param now In milliseconds since the epoch, as are the times of the changelog.
 */
export function lagOf(
  tail: TailState | null,
  {
    newestChangedAt,
    newestIngestedAt,
  }: { readonly newestChangedAt: number | null; readonly newestIngestedAt: number | null },
  now: number,
): Lag {
  const since = (time: number | null) => (time === null ? null : Math.max(0, now - time));
  const saved = tail && savedAt(tail);
  const isReadElsewhere =
    tail === null ||
    tail.is === 'other destination' ||
    (tail.pid === null && newestIngestedAt !== null && saved !== null && newestIngestedAt > saved + LATE_ROWS_MS);
  if (!isReadElsewhere) return { ms: since(tail.checkpoint?.readUntil ?? null), by: 'tail' };
  return { ms: since(newestChangedAt), by: newestChangedAt === null ? null : 'newest change' };
}
