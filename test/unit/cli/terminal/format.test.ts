import { expect, test } from 'vitest';
import { count, counted, duration, isoTime } from '../../../../cli/terminal/format.ts';

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

test.each([
  [0.5, '0.5 read units'],
  [1.5, '1.5 read units'],
  [1.02, '1 read unit'],
  [9.5, '9.5 read units'],
  [10.5, '11 read units'],
])('a count below 10 shows one decimal, and its noun fits the number shown: %d', (value, text) => {
  expect(counted(value, 'read unit')).toBe(text);
});

test('times are UTC, without milliseconds that are zero', () => {
  expect([isoTime(1_767_323_045_000), isoTime(1_767_323_045_678)]).toEqual([
    '2026-01-02T03:04:05Z',
    '2026-01-02T03:04:05.678Z',
  ]);
});
