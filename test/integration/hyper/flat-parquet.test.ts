import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { flatParquet } from '../../../cli/hyper/flat-parquet.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';

/** Runs statements in a DuckDB of their own, and gives the rows of the last. */
async function rowsOf(...statements: readonly string[]): Promise<unknown> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    let rows: unknown;
    for (const statement of statements) rows = (await connection.runAndReadAll(statement)).getRowsJson();
    return rows;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

test('a file of flat columns is used as it is, and nothing is written', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'a [1]*.parquet');
  await rowsOf(`COPY (SELECT 1.5::DECIMAL(38, 9) AS n, 'a' AS s) TO '${path}' (FORMAT parquet)`);

  expect(await flatParquet(path, folder)).toEqual({ path, flattened: [] });
  expect(await readdir(folder)).toEqual(['a [1]*.parquet']);
});

test('lists and records become JSON with every digit, and what is flat stays', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'lists.parquet');
  await rowsOf(`COPY (SELECT
    ['a"b', '🚚'] AS texts,
    [99999999999999999999999999999.123456789::DECIMAL(38, 9)] AS decimals,
    [9007199254740993] AS integers,
    ['ab'::BLOB, NULL] AS bytes,
    [TIMESTAMP '1815-06-18 11:30:00.123456'] AS times,
    []::DATE[] AS none,
    NULL::DATE[] AS nothing,
    {a: 1} AS record,
    18446744073709551615::UBIGINT AS large,
    '00000000-0000-0000-0000-000000000001'::UUID AS id,
    DATE '1815-06-18' AS flat) TO '${path}' (FORMAT parquet)`);

  const { path: flat, flattened } = await flatParquet(path, folder);

  expect(flattened).toEqual('texts decimals integers bytes times none nothing record large id'.split(' '));
  expect(await rowsOf(`SELECT * FROM read_parquet('${flat}')`)).toEqual([
    [
      '["a\\"b","🚚"]',
      '[99999999999999999999999999999.123456789]',
      '[9007199254740993]',
      '["YWI=",null]',
      '["1815-06-18 11:30:00.123456"]',
      '[]',
      null,
      '{"a":1}',
      '18446744073709551615',
      '00000000-0000-0000-0000-000000000001',
      '1815-06-18',
    ],
  ]);
});

test('what is no Parquet file is refused by its path', async () => {
  const folder = temporaryFolder();

  await expect(flatParquet(join(folder, 'none.parquet'), folder)).rejects.toMatchObject({
    kind: 'usage-invalid',
    message: `${join(folder, 'none.parquet')} can't be read as a Parquet file`,
  });
});
