import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

/** Waits between attempts, in milliseconds. */
export type Backoff = {
  /** Bound of the first wait; each further bound is twice the one before. */
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

export type RetryOptions = {
  readonly clock: Clock;
  readonly random: Random;
  readonly backoff: Backoff;
  /** Whether a failure will pass by waiting. */
  readonly isPassing: (error: unknown) => boolean | Promise<boolean>;
  /** Attempts after the first one. @default no limit */
  readonly retries?: number;
  /** Milliseconds since the epoch: no attempt starts then or later. @default no limit */
  readonly until?: number;
  readonly signal?: AbortSignal | undefined;
  /** Called before each wait, with the failure. */
  readonly onRetry?: (error: unknown) => void;
};

/**
 * Makes attempts, with waits between them, until one succeeds.
 *
 * @returns what the successful attempt gave.
 * @throws what the last attempt threw, if that doesn't pass or no further attempt may start; the reason of `signal` once
 *   that aborts, between two attempts.
 */
export async function retry<T>(
  attempt: () => Promise<T>,
  {
    clock,
    random,
    backoff,
    isPassing,
    retries = Number.POSITIVE_INFINITY,
    until = Number.POSITIVE_INFINITY,
    signal,
    onRetry,
  }: RetryOptions,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (failures > retries || !(await isPassing(error))) throw error;
      const waitMs = backoffMs(failures, backoff, random);
      if (clock.now() + waitMs >= until) throw error;
      onRetry?.(error);
      await clock.sleep(waitMs, signal);
    }
  }
}
