import { expect, test } from 'vitest';
import { duckdb } from '../../../../src/views/duckdb.ts';
import { askLatest, NAMES } from '../../../support/duckdb/latest.ts';

const read = (expression: string, json: string) =>
  askLatest([`{"total":${json}}`], `SELECT ${expression} FROM ${duckdb.table(NAMES.latest)}`);

test.for([
  `CAST(item->'$.total' AS DOUBLE)`,
  `CAST(item->'$.total' AS DECIMAL(18, 6))`,
  `CAST(item->>'total' AS DOUBLE)`,
  `CAST(item->>'total' AS DECIMAL(18, 6))`,
])('%s reads a number that is text in the JSON', async (expression) => {
  expect(await read(expression, '"67.174118"')).toEqual([['67.174118']]);
});

test('a cast to an integer rounds a number and refuses the text of a fraction', async () => {
  const cast = `CAST(item->'$.total' AS BIGINT)`;

  expect(await read(cast, '67.174117')).toEqual([['67']]);
  expect(await read(cast, '"9007199254740993"')).toEqual([['9007199254740993']]);
  await expect(read(cast, '"67.174118"')).rejects.toThrow('Conversion Error');
  expect(await read(`CAST(CAST(item->'$.total' AS DOUBLE) AS BIGINT)`, '"67.174118"')).toEqual([['67']]);
});
