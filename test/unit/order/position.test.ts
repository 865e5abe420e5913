import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareSequenceNumbers, isSequenceNumber, lowestPosition, positionOf } from '../../../src/order/position.ts';
import { MANY_RUNS } from '../../support/vitest/budget.ts';

const sequenceNumber = fc
  .bigInt(0n, 10n ** 40n - 1n)
  .chain((value) => fc.nat(3).map((zeros) => '0'.repeat(zeros) + value))
  .filter((text) => text.length <= 40);
const label = fc.string({ unit: fc.constantFrom(...'0123456789-:.T'), minLength: 1, maxLength: 23 });

describe('positions of one stream', () => {
  test.each([
    ['900000000013256687845', '1000000000013256690000'],
    ['1', '2'],
    ['9', '10'],
    [`${'9'.repeat(39)}8`, '9'.repeat(40)],
  ])('%s comes before %s', (earlier, later) => {
    expect(positionOf('L', earlier) < positionOf('L', later)).toBe(true);
  });

  test('stand in text order as their sequence numbers do in numeric order', () => {
    fc.assert(
      fc.property(sequenceNumber, sequenceNumber, label, (a, b, stream) => {
        const numeric = Math.sign(Number(BigInt(a) - BigInt(b) > 0n) - Number(BigInt(a) - BigInt(b) < 0n));
        const text =
          positionOf(stream, a) < positionOf(stream, b) ? -1 : positionOf(stream, a) > positionOf(stream, b) ? 1 : 0;
        expect(text).toBe(numeric);
        expect(compareSequenceNumbers(a, b)).toBe(numeric);
      }),
      MANY_RUNS,
    );
  });

  test('come after every position of an earlier label, however large its numbers', () => {
    expect(positionOf('2026-01-01T00:00:00.000', '9'.repeat(40)) < positionOf('2026-01-01T00:00:00.001', '1')).toBe(
      true,
    );
  });

  test("lie at or above their label's lowest position, and those of earlier labels below it", () => {
    fc.assert(
      fc.property(sequenceNumber, label, label, (number, a, b) => {
        const [earlier = a, later = b] = [a, b].sort((x, y) => (lowestPosition(x) < lowestPosition(y) ? -1 : 1));
        expect(positionOf(later, number) >= lowestPosition(later)).toBe(true);
        expect(positionOf(earlier, number) < lowestPosition(later)).toBe(earlier !== later);
      }),
      MANY_RUNS,
    );
  });
});

test.each([
  ['', false],
  ['1', true],
  ['1'.repeat(40), true],
  ['1'.repeat(41), false],
  ['-1', false],
  ['1.0', false],
  [1, false],
  [null, false],
])('%j is a sequence number: %s', (value, expected) => {
  expect(isSequenceNumber(value)).toBe(expected);
});
