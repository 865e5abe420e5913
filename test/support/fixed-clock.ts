import type { Clock } from '../../src/clock.ts';

/** A clock that stands still; nothing that uses it may wait. */
export function fixedClock(now: number): Clock {
  return {
    now: () => now,
    sleep: () => Promise.reject(new Error('Nothing was expected to wait')),
  };
}
