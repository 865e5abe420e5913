import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonOfDecimal } from '../../../src/value/json-number.ts';
import { printedByDuckDb } from '../../support/duckdb/printed-numbers.ts';
import { numberModel } from '../../support/values/canonical-model.ts';
import { canonicalNumber } from '../../support/values/numbers.ts';
import { RUNS } from '../../support/vitest/budget.ts';

/** A thousand in each run: 100,000 in CI. */
const numbers = fc.array(canonicalNumber, { minLength: 1_000, maxLength: 1_000 });

test('a number is text exactly where what JavaScript and BigQuery print, worked out in full, says so', () => {
  fc.assert(
    fc.property(numbers, (given) => {
      expect(given.map(jsonOfDecimal)).toEqual(given.map(numberModel));
    }),
    RUNS,
  );
});

test('DuckDB gives back exactly the text that it takes', async () => {
  await fc.assert(
    fc.asyncProperty(numbers, async (given) => {
      const texts = given.map(jsonOfDecimal);

      expect(await printedByDuckDb(texts)).toEqual(texts.map((text) => [text, `{"n":${text}}`, `{"n":${text}}`, text]));
    }),
    { numRuns: Math.ceil(RUNS.numRuns / 4) },
  );
});
