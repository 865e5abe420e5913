import { DuckDBInstance, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inSlice } from '../../../src/views/duckdb.ts';
import { RUNS } from '../../support/vitest/budget.ts';

test('every key is in one slice, whatever it is and however many slices there are', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const slicesOf = async (keys: readonly string[], of: number) => {
    const held = Array.from({ length: of }, (_, index) => `CAST(${inSlice({ index, of })('key')} AS INTEGER)`);
    const result = await connection.runAndReadAll(
      `SELECT ${held.join(' + ')} FROM (SELECT UNNEST($keys) AS key)`,
      { keys: listValue([...keys]) },
      { keys: LIST(VARCHAR) },
    );
    return result.getRows().map(([count]) => Number(count));
  };

  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 50 }),
      fc.integer({ min: 1, max: 64 }),
      async (keys, of) => {
        expect(await slicesOf(keys, of)).toEqual(keys.map(() => 1));
      },
    ),
    RUNS,
  );
  connection.closeSync();
  instance.closeSync();
});
