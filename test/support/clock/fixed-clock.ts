import { once } from 'node:events';
import type { Clock } from '../../../src/clock.ts';

/** A clock that stands still; nothing that uses it may wait, but for what is told to stop. */
export function fixedClock(now: number): Clock {
  return {
    now: () => now,
    async sleep(_, signal) {
      if (!signal) throw new Error('Nothing was expected to wait');
      if (!signal.aborted) await once(signal, 'abort');
    },
  };
}
