import pRetry from 'p-retry';
import { type ErrorKind, isKind, TailraceError } from '../errors.ts';

/** How failures that pass are sat out. */
export type RequestRetry = {
  readonly retries: number;
  readonly minTimeoutMs: number;
  readonly maxTimeoutMs: number;
};

/** Five minutes or so, on top of the SDK's own few attempts within a second. */
const DEFAULT: RequestRetry = { retries: 20, minTimeoutMs: 200, maxTimeoutMs: 20_000 };

/**
 * Does `attempt` again while it fails with one of `kinds`, with exponential backoff and jitter.
 *
 * @param onRetry Told before each pause what the attempt before it failed with.
 * @throws {TailraceError} `interrupted` as soon as `signal` aborts; otherwise what the last attempt threw.
 */
export async function retryRequest<T>(
  attempt: () => Promise<T>,
  kinds: readonly ErrorKind[],
  { retries, minTimeoutMs, maxTimeoutMs }: RequestRetry = DEFAULT,
  signal?: AbortSignal,
  onRetry?: (error: TailraceError) => void,
): Promise<T> {
  try {
    return await pRetry(attempt, {
      retries,
      minTimeout: minTimeoutMs,
      maxTimeout: maxTimeoutMs,
      randomize: true,
      shouldRetry({ error }) {
        if (!isKind(error, ...kinds)) return false;
        onRetry?.(error);
        return true;
      },
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw new TailraceError('interrupted', 'Reading was interrupted', { cause: error });
    throw error;
  }
}
