import type { Clock } from '../../src/clock.ts';

/** Longer than a page takes to come; a person who waits for it hardly notices. */
const GRACE_MS = 2_000;

/**
 * Sends something under a signal that aborts a moment after `signal` does: what is on its way when reading is to stop may
 * be answered, so that it is known what it has cost, and nothing was read in vain.
 */
export async function withGracePeriod<T>(
  signal: AbortSignal,
  clock: Clock,
  send: (late: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const ended = new AbortController();
  const wait = () => void clock.sleep(GRACE_MS, ended.signal).then(() => late.abort());
  if (signal.aborted) wait();
  signal.addEventListener('abort', wait, { once: true, signal: ended.signal });
  try {
    return await send(late.signal);
  } finally {
    ended.abort();
  }
}
