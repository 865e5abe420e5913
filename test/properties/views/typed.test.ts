import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../src/value/canonical-json.ts';
import { canonicalDecimal } from '../../../src/value/decimal.ts';
import { askLatest, typedStatements } from '../../support/duckdb/latest.ts';
import { decimal, plainNumber, text } from '../../support/values/arbitraries.ts';
import { RUNS } from '../../support/vitest/budget.ts';

/** Each run asks of fifty numbers at once. */
const FEWER_RUNS = { numRuns: Math.ceil(RUNS.numRuns / 4) };

const statements = (type: 'STRING' | 'INT64' | 'FLOAT64' | 'NUMERIC' | 'BIGNUMERIC', path = ['v']) =>
  typedStatements({ columns: [{ name: 'value', type, description: null, cluster: false, path }] });

/** What a type makes of numbers as DynamoDB has them. */
async function typed(type: Parameters<typeof statements>[0], numbers: readonly string[]) {
  const items = numbers.map((N) => canonicalJson({ v: { N } }, 'NewImage'));
  return (await askLatest(items, ...statements(type))).map(([value]) => value ?? null);
}

const numbers = fc.array(decimal.map(plainNumber), { minLength: 1, maxLength: 50 });

/** Digits before and after the point of a canonical decimal. */
function places(number: string): readonly [whole: number, fraction: number] {
  const [whole = '', fraction = ''] = number.replace('-', '').split('.');
  return [whole.length, fraction.length];
}

test('text gives every number as its decimal, whatever its size', async () => {
  await fc.assert(
    fc.asyncProperty(numbers, async (given) => {
      expect(await typed('STRING', given)).toEqual(given.map(canonicalDecimal));
    }),
    FEWER_RUNS,
  );
});

test.for([
  ['INT64', 19, 0],
  ['NUMERIC', 29, 9],
  ['BIGNUMERIC', 38, 38],
] as const)('%s gives a number exactly, or NULL where it has more digits', async ([type, wholes, fractions]) => {
  await fc.assert(
    fc.asyncProperty(numbers, async (given) => {
      const expected = given.map((number) => {
        const canonical = canonicalDecimal(number) ?? '';
        const [whole, fraction] = places(canonical);
        if (whole > wholes || fraction > fractions) return null;
        return type === 'INT64' && BigInt.asIntN(64, BigInt(canonical)) !== BigInt(canonical) ? null : canonical;
      });
      const values = await typed(type, given);
      expect(values.map((value) => (value === null ? null : canonicalDecimal(value)))).toEqual(expected);
    }),
    FEWER_RUNS,
  );
});

test('FLOAT64 gives every number as the double that is nearest', async () => {
  await fc.assert(
    fc.asyncProperty(numbers, async (given) => {
      expect((await typed('FLOAT64', given)).map(Number)).toEqual(given.map(Number));
    }),
    FEWER_RUNS,
  );
});

test('text gives every text as it is, of any attribute', async () => {
  // What a result begins with as U+FEFF, DuckDB's client takes for a byte order mark.
  const value = text.filter((S) => !S.startsWith('\ufeff'));
  const name = text.filter((N) => !N.includes('\0'));
  await fc.assert(
    fc.asyncProperty(name, name, value, async (attribute, other, S) => {
      const item = canonicalJson({ [other]: { S: 'other' }, [attribute]: { S } }, 'NewImage');
      expect(await askLatest([item], ...statements('STRING', [attribute]))).toEqual([[S]]);
    }),
    FEWER_RUNS,
  );
});
