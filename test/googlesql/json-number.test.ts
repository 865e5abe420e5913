import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { grisu2 } from '../../src/value/grisu2.ts';
import { jsonOfDecimal } from '../../src/value/json-number.ts';
import { printedByDuckDb } from '../support/duckdb/printed-numbers.ts';
import { canonicalNumber } from '../support/values/numbers.ts';
import { GoogleSql } from './google-sql.ts';

const address = inject('zetaSql');

/** A hundred thousand numbers in all. */
const BATCHES = { numRuns: 100, endOnFailure: true };
const batchOf = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: 1_000, maxLength: 1_000 });

describe.skipIf(address === null)('GoogleSQL', () => {
  let google: GoogleSql;
  beforeAll(async () => {
    google = await GoogleSql.connect(address ?? '');
  });
  afterAll(() => google[Symbol.dispose]());

  /** The texts of JSON texts, parsed in the mode that refuses a number which it wouldn't print by its own digits. */
  async function printed(json: readonly string[]): Promise<readonly unknown[]> {
    const sql = `SELECT TO_JSON_STRING(PARSE_JSON(json, wide_number_mode => 'exact')) FROM UNNEST(@json) AS json WITH OFFSET AS i ORDER BY i`;
    return (await google.evaluate(sql, [], { json })).map(([text]) => text);
  }

  test('takes every number, by itself and in an item, and gives back exactly its text, as DuckDB does', async () => {
    await fc.assert(
      fc.asyncProperty(batchOf(canonicalNumber), async (numbers) => {
        const texts = numbers.map(jsonOfDecimal);
        const item = `{"n":[${texts.join(',')}]}`;

        expect(await printed([...texts, item])).toEqual([...texts, item]);
        expect((await printedByDuckDb(texts)).map(([text]) => text)).toEqual(texts);
      }),
      BATCHES,
    );
  });

  test('prints a double by the digits of Grisu2', async () => {
    const double = fc.double({ min: 0.0001, max: 1e15, maxExcluded: true, noNaN: true });
    await fc.assert(
      fc.asyncProperty(batchOf(double), async (doubles) => {
        const texts = await google.evaluate(
          `SELECT TO_JSON_STRING(PARSE_JSON(json, wide_number_mode => 'round')) FROM UNNEST(@json) AS json WITH OFFSET AS i ORDER BY i`,
          [],
          // The exponent makes a double of it where it is whole.
          { json: doubles.map((value) => `${value}e0`.replace(/e(.*)e0/, 'e$1')) },
        );

        expect(texts.map(([text]) => text)).toEqual(doubles.map(byGrisu2));
      }),
      BATCHES,
    );
  });

  test.for([
    ['LAX_FLOAT64(item.n)', '67.174118'],
    ['LAX_INT64(item.n)', '67'],
    ['CAST(CAST(JSON_VALUE(item.n) AS NUMERIC) AS STRING)', '67.174118'],
    ['SAFE.FLOAT64(item.n)', 'null'],
  ])('reads a number that is text by %s as %s', async ([expression = '', value]) => {
    expect(await readsText(expression)).toBe(value);
  });

  test.for(['FLOAT64(item.n)', 'INT64(item.n)'])('does not read it by %s', async (expression) => {
    await expect(readsText(expression)).rejects.toThrow(/The provided JSON input is not an? (number|integer)/);
  });

  async function readsText(expression: string): Promise<string> {
    const items = `SELECT PARSE_JSON(json) AS item FROM UNNEST(@json) AS json`;
    const [[value] = []] = await google.evaluate(`SELECT ${expression} FROM (${items})`, [], {
      json: ['{"n":"67.174118"}'],
    });
    return String(value);
  }

  test('refuses the numbers whose fewest digits Grisu2 misses', async () => {
    for (const number of ['67.174118', '726.361739', '0.000649']) {
      await expect(printed([number])).rejects.toThrow('cannot round-trip');
    }
  });
});

function byGrisu2(double: number): string {
  const { digits, exponent } = grisu2(double);
  if (exponent >= 0) return `${digits}${'0'.repeat(exponent)}.0`;
  const padded = String(digits).padStart(1 - exponent, '0');
  return `${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}
