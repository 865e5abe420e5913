import type { Clock } from '../../src/clock.ts';

/** Longer than a page takes to arrive; a person who waits hardly notices. */
const GRACE_MS = 2_000;

/**
 * Sends a request under a signal that aborts a moment after `signal` does. So a request in flight when the reading is
 * stopped may still be answered: its cost is known, and its items are used.
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
