import { expect, test } from 'vitest';
import { claimFor, release, reserve, roomIn, spentBy } from '../../../../backfill/cost/spending.ts';

const spending = (used: number, reserved: number) => ({ used, reserved });

test.each([
  ['room for it', spending(100, 200), 700, spending(100, 900)],
  ['no room until what is in flight is answered', spending(100, 200), 701, 'wait'],
  ['no room even then', spending(100, 200), 901, 'capped'],
  ['room for exactly the rest', spending(100, 0), 900, spending(100, 900)],
] as const)('with %s, a reservation is made, waits or fails', (_, before, most, after) => {
  expect(reserve(before, most, 1_000)).toEqual(after);
});

test('without a cap there is always room', () => {
  expect(roomIn(spending(1e12, 1e12))).toBe(Number.POSITIVE_INFINITY);
  expect(reserve(spending(1e12, 0), 178)).toEqual(spending(1e12, 178));
});

test('a release counts what was used in place of what was reserved', () => {
  expect(release(spending(100, 356), 178, 12.5)).toEqual(spending(112.5, 178));
});

test.each([
  ['a claim that covers it stays', spending(100, 200), 300, 1_000, 300],
  ['beyond it, a tenth of the room is claimed ahead', spending(100, 200), 299, 1_000, 370],
  ['never more than sixteen pages ahead', spending(0, 178), 0, 1e9, 178 + 2_848],
  ['without a cap, a tenth of what was used', spending(1_000, 200), 0, undefined, 1_300],
  ['without a cap, and with nothing used, only what is in flight', spending(0, 178), 0, undefined, 178],
] as const)('%s', (_, before, claimed, maxUnits, after) => {
  expect(claimFor(before, claimed, maxUnits)).toBe(after);
  expect(claimFor(before, claimed, maxUnits)).toBeGreaterThanOrEqual(spentBy(before));
});
