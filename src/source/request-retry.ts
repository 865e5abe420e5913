import type { Clock } from '../clock.ts';
import { type ErrorKind, isKind, TailraceError } from '../errors.ts';
import type { Random } from '../random.ts';
import { type Backoff, retry } from '../retry.ts';

/** How long failures of requests that will pass are waited out. */
export type RequestRetry = Backoff & { readonly retries: number };

/** Five minutes or so, on top of the SDK's own few attempts within a second. */
const DEFAULT: RequestRetry = { retries: 20, firstMs: 400, maxMs: 25_000 };

export type RequestRetryOptions = {
  readonly clock: Clock;
  readonly random: Random;
  /** The failures that will pass. */
  readonly kinds: readonly ErrorKind[];
  readonly limits?: RequestRetry | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called before each wait. */
  readonly onRetry: (error: TailraceError) => void;
};

/**
 * Repeats a request while it fails with one of `kinds`, with growing waits.
 *
 * @throws {TailraceError} `interrupted` as soon as `signal` aborts; otherwise what the last attempt threw.
 */
export async function retryRequest<T>(
  attempt: () => Promise<T>,
  { clock, random, kinds, limits = DEFAULT, signal, onRetry }: RequestRetryOptions,
): Promise<T> {
  try {
    return await retry(attempt, {
      clock,
      random,
      backoff: limits,
      retries: limits.retries,
      isPassing: (error) => isKind(error, ...kinds),
      signal,
      onRetry: (error) => {
        if (error instanceof TailraceError) onRetry(error);
      },
    });
  } catch (error) {
    if (signal?.aborted) throw new TailraceError('interrupted', 'Reading was interrupted', { cause: error });
    throw error;
  }
}
