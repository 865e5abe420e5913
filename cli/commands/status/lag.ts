import { savedAt, type TailState } from './tail-state.ts';

/** How far the destination is behind the table, and what shows it. */
export type Lag = {
  /** In milliseconds; `null` if it isn't known. */
  readonly ms: number | null;
  /**
   * `tail`: the time up to which the tail has read the stream. `newest change`: the age of the newest change in the changelog,
   * and `snapshot`: the age of what the published snapshot read, as no change has come since. A quiet table and a stopped
   * reader give these two alike. `null` if none of them is there.
   */
  readonly by: 'tail' | 'newest change' | 'snapshot' | null;
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
    floor,
  }: {
    readonly newestChangedAt: number | null;
    readonly newestIngestedAt: number | null;
    /** Of the published snapshot: everything before it is in there. */
    readonly floor: number | null;
  },
  now: number,
): Lag {
  const since = (time: number | null) => (time === null ? null : Math.max(0, now - time));
  const saved = tail && savedAt(tail);
  const isReadElsewhere =
    tail === null ||
    tail.is === 'other destination' ||
    (tail.pid === null && newestIngestedAt !== null && saved !== null && newestIngestedAt > saved + LATE_ROWS_MS);
  if (!isReadElsewhere) return { ms: since(tail.checkpoint?.readUntil ?? null), by: 'tail' };
  if (newestChangedAt !== null) return { ms: since(newestChangedAt), by: 'newest change' };
  return { ms: since(floor), by: floor === null ? null : 'snapshot' };
}
