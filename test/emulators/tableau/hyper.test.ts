import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { makeHyper } from '../../../cli/hyper/make-hyper.ts';
import { reportAbsent } from '../../support/vitest/report-absent.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';
import { pythonEnvironment } from '../cached-install.ts';

const SCRIPT = path.join(import.meta.dirname, '../../../hyper/make_hyper.py');
const READ = path.join(import.meta.dirname, 'read-hyper.py');

const environment = await pythonEnvironment(['tableauhyperapi==0.0.26963']).catch((error: unknown) => {
  reportAbsent("Tableau's engine for extracts", error instanceof Error ? error.message : String(error));
  return null;
});
const python = path.join(environment ?? '', 'bin', 'python');

/** A Parquet file of a query's rows, and the extract that is made of it. */
async function stageOf(query: string) {
  const folder = temporaryFolder();
  const parquet = path.join(folder, 'a view.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run(`COPY (${query}) TO '${parquet}' (FORMAT parquet)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  const out = path.join(folder, 'a "view" 🚚.hyper');
  return {
    folder,
    parquet,
    make: () => makeHyper({ parquet, out, table: 'a "view" 🚚', python }),
    read: async () => JSON.parse((await promisify(execFile)(python, [READ, out])).stdout),
  };
}

describe.skipIf(environment === null)('an extract by the real engine', () => {
  test('holds every type of a typed view, exactly', async () => {
    const { make, read } = await stageOf(`
      SELECT 'a' AS a_string, 9223372036854775807 AS an_int64, 0.1::DOUBLE AS a_float64,
        99999999999999999999999999999.123456789::DECIMAL(38, 9) AS a_numeric,
        '0.12345678901234567890123456789012345678' AS a_bignumeric, true AS a_bool,
        TIMESTAMP '1815-06-18 11:30:00.123456' AS a_timestamp, DATE '0001-01-01' AS a_date,
        TIMESTAMP '9999-12-31 23:59:59.999999' AS a_datetime, TIME '23:59:59.999999' AS a_time,
        repeat('x', 60)::BLOB AS a_bytes, '{"b": [1, 2.50]}'::JSON AS a_json
      UNION ALL
      SELECT 'b 🚚 "' || chr(10), -9223372036854775808, -1e300::DOUBLE, -0.000000001::DECIMAL(38, 9), '', false,
        TIMESTAMP '0001-01-01 00:00:00', DATE '1969-12-31', TIMESTAMP '1969-12-31 23:59:59.999999', TIME '00:00:00',
        ''::BLOB, 'null'::JSON
      UNION ALL
      SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL`);

    expect(await make()).toEqual({ rows: 3, nulled: [] });

    const { table, columns, rows } = await read();
    expect(table).toBe('a "view" 🚚');
    expect(columns).toEqual([
      ['a_string', 'TEXT'],
      ['an_int64', 'BIG_INT'],
      ['a_float64', 'DOUBLE'],
      ['a_numeric', 'NUMERIC(38, 9)'],
      ['a_bignumeric', 'TEXT'],
      ['a_bool', 'BOOL'],
      ['a_timestamp', 'TIMESTAMP'],
      ['a_date', 'DATE'],
      ['a_datetime', 'TIMESTAMP'],
      ['a_time', 'TIME'],
      ['a_bytes', 'TEXT'],
      ['a_json', 'TEXT'],
    ]);
    expect(rows).toEqual([
      [
        'a',
        '9223372036854775807',
        '0.1',
        '99999999999999999999999999999.123456789',
        '0.12345678901234567890123456789012345678',
        'true',
        '1815-06-18 11:30:00.123456',
        '0001-01-01',
        '9999-12-31 23:59:59.999999',
        '23:59:59.999999',
        'eHh4'.repeat(20),
        '{"b": [1, 2.50]}',
      ],
      [
        'b 🚚 "\n',
        '-9223372036854775808',
        '-1e+300',
        '-0.000000001',
        '',
        'false',
        '0001-01-01 00:00:00',
        '1969-12-31',
        '1969-12-31 23:59:59.999999',
        '00:00:00',
        '',
        'null',
      ],
      Array(12).fill(null),
    ]);
  });

  test('of no rows has its columns', async () => {
    const { make, read } = await stageOf("SELECT 'a' AS s, 1.5::DECIMAL(38, 9) AS n WHERE false");

    expect(await make()).toEqual({ rows: 0, nulled: [] });
    expect(await read()).toMatchObject({
      columns: [
        ['s', 'TEXT'],
        ['n', 'NUMERIC(38, 9)'],
      ],
      rows: [],
    });
  });

  test('takes 32-bit floats, times with a zone, and any name', async () => {
    const { make, read } = await stageOf(
      `SELECT 1.5::FLOAT AS "]", TIMESTAMPTZ '2026-01-01 00:30:00+01' AS "a""b", 1 AS "🚚", 2 AS "' --", 3 AS " "`,
    );

    await make();

    expect(await read()).toMatchObject({
      columns: [
        [']', 'DOUBLE'],
        ['a"b', 'TIMESTAMP'],
        ['🚚', 'INT'],
        ["' --", 'INT'],
        [' ', 'INT'],
      ],
      rows: [['1.5', '2025-12-31 23:30:00', '1', '2', '3']],
    });
  });

  test('has NULL for a time that no calendar of Tableau has, and says how many', async () => {
    const { make, read } = await stageOf(
      `SELECT * FROM (VALUES ('a', 'infinity'::TIMESTAMP), ('b', '2026-01-01'), ('c', NULL)) AS t(k, "a t")`,
    );

    expect(await make()).toMatchObject({ rows: 3, nulled: [{ column: 'a t', values: 1 }] });
    expect((await read()).rows).toEqual([
      ['a', null],
      ['b', '2026-01-01 00:00:00'],
      ['c', null],
    ]);
  });

  test.each([
    ['SELECT INTERVAL 1 day AS held, 1 AS fine, INTERVAL 2 day AS kept', ['held', 'kept']],
    ['SELECT \'infinity\'::DATE AS "a day", 1 AS fine', ['a day']],
    [`SELECT '-infinity'::TIMESTAMP AS "a ']time", 1 AS fine`, ["a ']time"]],
  ])('is refused by the names of columns that it can not hold: %s', async (query, names) => {
    const { folder, make } = await stageOf(query);

    await expect(make()).rejects.toMatchObject({
      kind: 'usage-invalid',
      message: expect.stringContaining(`: ${names.map((name) => `"${name}"`).join(', ')}`),
    });
    expect(await readdir(folder)).toEqual(['a view.parquet']);
  });

  test('leaves nothing but itself, here or beside it', async () => {
    const before = await readdir(process.cwd());
    const { folder, make } = await stageOf("SELECT 'secret' AS s");

    await make();

    expect(await readdir(process.cwd())).toEqual(before);
    expect((await readdir(folder)).sort()).toEqual(['a "view" 🚚.hyper', 'a view.parquet']);
  });

  test('leaves no log in the folder in which the engine runs, which would hold every statement', async () => {
    const { parquet } = await stageOf("SELECT 'secret' AS s");
    const cwd = temporaryFolder();
    const request = { parquet, hyper: path.join(cwd, 'made.hyper'), schema: 'Extract', table: 't' };

    const run = promisify(execFile)(python, [SCRIPT], { cwd });
    run.child.stdin?.end(JSON.stringify(request));

    expect(JSON.parse((await run).stdout)).toMatchObject({ rows: 1 });
    expect(await readdir(cwd)).toEqual(['made.hyper']);
  });
});
