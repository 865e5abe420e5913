import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalDecimal, isGreater } from '../../../src/value/decimal.ts';
import { type Decimal, decimal, plainNumber, spellings } from '../../support/values/arbitraries.ts';
import { scaled } from '../../support/values/canonical-model.ts';
import { MANY_RUNS } from '../../support/vitest/budget.ts';

describe('canonicalDecimal', () => {
  test.each([
    ['0', '0'],
    ['-0', '0'],
    ['0.000', '0'],
    ['-0.0E5', '0'],
    ['00042', '42'],
    ['+42', '42'],
    ['1.0', '1'],
    ['3.1400', '3.14'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1.5E2', '150'],
    ['1E2', '100'],
    ['-0015.789e6', '-15789000'],
    ['12E-1', '1.2'],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['-00001.23456789012345678901234567890123456780000', '-1.2345678901234567890123456789012345678'],
    ['9.9999999999999999999999999999999999999E+125', `${'9'.repeat(38)}${'0'.repeat(88)}`],
    ['1E-130', `0.${'0'.repeat(129)}1`],
    ['-1E-130', `-0.${'0'.repeat(129)}1`],
  ])('%s is %s', (spelling, canonical) => {
    expect(canonicalDecimal(spelling)).toBe(canonical);
  });

  test.each([
    '',
    '.',
    '-',
    '+',
    'e5',
    '1e',
    '1e+',
    '--1',
    '1.2.3',
    '1.5.0',
    '1..0',
    ' 1',
    '1 ',
    '1_000',
    '0x10',
    'NaN',
    'Infinity',
    '١',
    '1e99999',
    '1e401',
  ])('%j is no number', (text) => {
    expect(canonicalDecimal(text)).toBeUndefined();
  });

  test('two spellings have one text exactly if they are one number', () => {
    const pair = fc
      .tuple(decimal, decimal, fc.boolean())
      .chain(([a, b, same]) =>
        fc.tuple(fc.constant(a), fc.constant(same ? a : b), spellings(a), spellings(same ? a : b)),
      );
    fc.assert(
      fc.property(pair, ([a, b, spellingA, spellingB]) => {
        expect(canonicalDecimal(spellingA) === canonicalDecimal(spellingB)).toBe(equal(a, b));
      }),
      MANY_RUNS,
    );
  });

  test('a canonical text is itself, and has no digit more or less than the number', () => {
    fc.assert(
      fc.property(
        decimal.chain((number) => fc.tuple(fc.constant(number), spellings(number))),
        ([number, spelling]) => {
          const canonical = canonicalDecimal(spelling);

          expect(canonical).toBe(plainNumber(number));
          expect(canonicalDecimal(canonical ?? '')).toBe(canonical);
        },
      ),
      MANY_RUNS,
    );
  });
});

/** Decimals of few digits with the point anywhere among them: nearly alike, and alike in all but the sign. */
const close: fc.Arbitrary<Decimal> = fc
  .tuple(fc.boolean(), fc.stringMatching(/^[1-9][059]{0,2}$/), fc.integer({ min: -4, max: 1 }))
  .map(([negative, digits, power]) => ({ negative, digits, power }));

test('isGreater compares by value', () => {
  fc.assert(
    fc.property(fc.oneof(fc.tuple(decimal, decimal), fc.tuple(close, close)), ([a, b]) => {
      const [first, second] = [a, b].map((number) => canonicalDecimal(plainNumber(number)) ?? '');

      expect(isGreater(first ?? '', second ?? '')).toBe(scaled(a) > scaled(b));
    }),
    MANY_RUNS,
  );
});

test('a text is left as it is exactly if it is canonical by the definition', () => {
  const canonical = /^(?:0|-?(?:[1-9]\d*|(?:0|[1-9]\d*)\.\d*[1-9]))$/;
  const spelling = fc.array(fc.constantFrom(...'0015..-+e9 ١'), { maxLength: 6 }).map((s) => s.join(''));
  fc.assert(
    fc.property(spelling, (text) => {
      expect(canonicalDecimal(text) === text).toBe(canonical.test(text));
    }),
    MANY_RUNS,
  );
});

function equal(a: Decimal, b: Decimal): boolean {
  return scaled(a) === scaled(b);
}
