import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dialect } from '../../../src/views/dialect.ts';
import { duckdb } from '../../../src/views/duckdb.ts';
import { googlesql } from '../../../src/views/googlesql.ts';
import { HOSTILE_TEXT } from '../../support/values/golden-statements.ts';
import { HOSTILE_COLUMN_NAMES, IMPOSSIBLE_COLUMN_NAMES } from '../../support/values/hostile-names.ts';
import { RUNS } from '../../support/vitest/budget.ts';
import { kind } from '../../support/vitest/kind.ts';

const bigquery = googlesql({ project: 'my-project', dataset: 'shop' });
const DIALECTS: readonly Dialect[] = [duckdb, bigquery];

describe.each(DIALECTS)('$name', (dialect) => {
  test.for(IMPOSSIBLE_COLUMN_NAMES)('refuses the name %j', (name) => {
    for (const quote of [dialect.identifier, dialect.table]) {
      expect(() => quote(name)).toThrow(expect.objectContaining(kind('config-invalid')));
    }
  });

  test.for(['\0', 'a\ud800'])('refuses the text %j', (text) => {
    expect(() => dialect.text(text)).toThrow(expect.objectContaining(kind('config-invalid')));
  });
});

describe('GoogleSQL', () => {
  test('names a table in full', () => {
    expect(bigquery.table('orders_changelog')).toBe('`my-project.shop.orders_changelog`');
  });

  test('refuses a table whose dot would make it one of another dataset', () => {
    expect(() => bigquery.table('other.table')).toThrow(expect.objectContaining(kind('config-invalid')));
  });

  test('keeps a literal on one line, whatever it holds', () => {
    expect(bigquery.text(`a\nb\\c'd\u0085`)).toBe(String.raw`'a\u000ab\\c\'d\u0085'`);
  });
});

describe('DuckDB, asked itself,', () => {
  let instance: DuckDBInstance;
  beforeAll(async () => {
    instance = await DuckDBInstance.create(':memory:');
  });
  afterAll(() => instance.closeSync());

  async function rows(sql: string) {
    const connection = await instance.connect();
    try {
      const result = await connection.runAndReadAll(sql);
      return { columns: result.columnNames(), rows: result.getRows() };
    } finally {
      connection.closeSync();
    }
  }

  test.for([...HOSTILE_COLUMN_NAMES])('takes %j as the name of a column, a table and a view', async (name) => {
    const quoted = duckdb.identifier(name);

    expect((await rows(`SELECT 1 AS ${quoted}`)).columns).toEqual([name]);
    await rows(`CREATE TABLE ${quoted} AS SELECT 7 AS ${quoted}`);
    await rows(`CREATE VIEW ${duckdb.table(`${name} view`)} AS SELECT ${quoted} FROM ${quoted}`);
    expect(await rows(`SELECT ${quoted} FROM ${duckdb.table(`${name} view`)}`)).toEqual({
      columns: [name],
      rows: [[7]],
    });
  });

  test('reads every text literal back as the text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        fc.pre(!text.includes('\0'));
        expect((await rows(`SELECT ${duckdb.text(text)}`)).rows).toEqual([[text]]);
      }),
      RUNS,
    );
    expect((await rows(`SELECT ${duckdb.text(HOSTILE_TEXT)}`)).rows).toEqual([[HOSTILE_TEXT]]);
  });

  test.for([0, 1, -1, Date.parse('2026-11-22T09:25:00.123Z'), Date.parse('9999-12-31T23:59:59Z')])(
    'reads a TIMESTAMP literal of %s ms back in any time zone',
    async (ms) => {
      for (const zone of ['UTC', 'America/New_York', 'Asia/Kathmandu']) {
        const connection = await instance.connect();
        await connection.run(`SET TimeZone = '${zone}'`);
        const result = await connection.runAndReadAll(`SELECT epoch_ms(${duckdb.timestamp(ms)})`);
        connection.closeSync();

        expect(result.getRows()).toEqual([[BigInt(ms)]]);
      }
    },
  );
});
