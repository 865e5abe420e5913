import { setTimeout as timeout } from 'node:timers/promises';
import type { Clock } from '../../../src/clock.ts';

/** A clock on which every wait takes a millisecond and counts in full: for code that also does real I/O. */
export function hurriedClock(start: number): Clock {
  let now = start;
  return {
    now: () => now,
    async sleep(ms, signal) {
      now += ms;
      await timeout(1, undefined, signal ? { signal } : {}).catch(() => {});
    },
  };
}
