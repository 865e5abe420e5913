import type { Clock } from '../../src/clock.ts';

/** How far back the rate looks, in milliseconds. */
const WINDOW_MS = 10_000;

/** How fast a count grows. */
export interface Rate {
  /** Takes the current count, and gives its growth per second over the last ten seconds. */
  perSecond(count: number): number;
}

/** Measures from now, with a count of zero. */
export function createRate(clock: Clock): Rate {
  const seen = [{ at: clock.now(), count: 0 }];
  return {
    perSecond(count) {
      const now = clock.now();
      seen.push({ at: now, count });
      // One older than the window stays, so that there is always something to measure from.
      while ((seen[1]?.at ?? now) <= now - WINDOW_MS) seen.shift();
      const first = seen[0];
      return first && now > first.at ? ((count - first.count) * 1_000) / (now - first.at) : 0;
    },
  };
}
