import { expect, test } from 'vitest';
import { ParkedPositions } from '../../../src/replay/parked-positions.ts';

const AT = Date.parse('2026-01-02T03:05:00Z');

test('a change is parked by its number and its second', () => {
  const parked = new ParkedPositions();
  parked.add('7', AT);

  expect(parked.has('7', AT)).toBe(true);
  expect(parked.has('7', AT + 999)).toBe(true);
  expect(parked.has('8', AT)).toBe(false);
});

test('a letter of the same number from an earlier table of the same stream label parks nothing', () => {
  const parked = new ParkedPositions();
  parked.add('7', AT);

  expect(parked.has('7', AT + 3_600_000)).toBe(false);
});

test('where a record has no time, its number has to do', () => {
  const parked = new ParkedPositions();
  parked.add('7', AT);
  parked.add('8', null);

  expect(parked.has('7', null)).toBe(true);
  expect(parked.has('8', AT)).toBe(true);
});
