import { once } from 'node:events';
import { setTimeout as timeout } from 'node:timers/promises';
import type { Clock } from '../../../src/clock.ts';

/** A clock that stands still. Only what a signal ends may wait on it. */
export function fixedClock(now: number): Clock {
  return {
    now: () => now,
    async sleep(_, signal) {
      if (!signal) throw new Error('Nothing was expected to wait');
      if (!signal.aborted) await once(signal, 'abort');
    },
  };
}

/** A clock on which every wait takes a millisecond and counts in full: for code that also does real I/O. */
export function hurriedClock(start = Date.UTC(2026, 2, 4, 5, 6, 7)): Clock {
  let now = start;
  return {
    now: () => now,
    async sleep(ms, signal) {
      now += ms;
      await timeout(1, undefined, signal ? { signal } : {}).catch(() => {});
    },
  };
}
