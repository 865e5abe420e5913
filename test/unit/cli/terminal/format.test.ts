import { expect, test } from 'vitest';
import { count, counted, duration, time } from '../../../../cli/terminal/format.ts';

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1_000, '1 s'],
  [59_900, '1 min'],
  [61_000, '1 min 1 s'],
  [3_600_000, '1 h'],
  [3_661_000, '1 h 1 min'],
  [90_061_000, '1 d 1 h'],
  [86_400_000 * 30, '30 d'],
])('%i ms read %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('counts have their thousands apart, and a noun that fits', () => {
  expect([count(1_234_567), counted(1, 'item'), counted(0, 'item')]).toEqual(['1,234,567', '1 item', '0 items']);
});

test('times are UTC, without milliseconds that say nothing', () => {
  expect([time(1_767_323_045_000), time(1_767_323_045_678)]).toEqual([
    '2026-01-02T03:04:05Z',
    '2026-01-02T03:04:05.678Z',
  ]);
});
