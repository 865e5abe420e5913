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

/** A clock that runs `factor` times as fast as the real one: for code that gives real I/O a time limit. */
export function fastClock(factor: number, start = Date.UTC(2026, 2, 4, 5, 6, 7)): Clock {
  const began = performance.now();
  return {
    now: () => Math.round(start + (performance.now() - began) * factor),
    sleep: (ms, signal) => timeout(ms / factor, undefined, signal ? { signal } : {}).catch(() => {}),
  };
}
