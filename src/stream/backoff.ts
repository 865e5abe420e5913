import type { Random } from '../random.ts';

/** Waits between tries, in milliseconds. */
export type Backoff = {
  /** Bound of the first wait; each further one's is twice the one before. */
  readonly firstMs: number;
  readonly maxMs: number;
};

/**
 * How long to wait after the `failures`th failure in a row (from 1), in milliseconds.
 *
 * Between half of the bound and all of it, at random: many readers that failed together don't come back together, and
 * none comes back at once.
 */
export function backoffMs(failures: number, { firstMs, maxMs }: Backoff, random: Random): number {
  const bound = Math.min(maxMs, firstMs * 2 ** (failures - 1));
  return Math.round((bound * (1 + random.next())) / 2);
}
