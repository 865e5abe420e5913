import { expect, test } from 'vitest';
import { createRate } from '../../../../cli/terminal/rate.ts';

test('a rate is the growth of the last ten seconds, not of all time', () => {
  let now = 0;
  const rate = createRate({ now: () => now, sleep: () => Promise.reject(new Error('A rate waits for nothing')) });

  const first = rate.perSecond(0);
  now = 5_000;
  const fast = rate.perSecond(500);
  for (now = 6_000; now <= 30_000; now += 1_000) rate.perSecond(500);
  const still = rate.perSecond(500);

  expect([first, fast, still]).toEqual([0, 100, 0]);
});
