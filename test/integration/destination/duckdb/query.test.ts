import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, onTestFinished, test } from 'vitest';
import { objectNames } from '../../../../src/names/object-names.ts';
import { sharedDuckDb } from '../../../support/duckdb/shared-instance.ts';
import { startDuckDbWorker } from '../../../support/duckdb/start-worker.ts';
import { type TemporaryDatabase, temporaryDatabase } from '../../../support/duckdb/temporary-database.ts';
import { open, setStage } from '../../../support/stages/contract-stage.ts';
import { changeRow, scannedRow } from '../../../support/values/rows.ts';
import { SHOP, snapshotId } from '../../../support/values/shop.ts';
import { kind } from '../../../support/vitest/kind.ts';

/** What is in a directory, byte for byte. */
async function contentsOf(directory: string): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const names = entries.map(({ parentPath, name }) => relative(directory, join(parentPath, name))).sort();
  const texts = await Promise.all(
    names.map((name) => readFile(join(directory, name), 'base64').catch(() => 'no file')),
  );
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']));
}

describe('a query', () => {
  const shared = sharedDuckDb();
  const changelog = 'my_app_shop_changelog';
  const prepared = async () => {
    const { destination, place } = shared;
    await destination.prepare(SHOP, 1);
    await destination.execute('CREATE SEQUENCE IF NOT EXISTS counter');
    // From here on nothing but a statement changes the file.
    await destination.query('SELECT 1');
    return { destination, place };
  };

  test.for([
    `INSERT INTO ${changelog} SELECT * FROM ${changelog}`,
    `UPDATE ${changelog} SET key = key`,
    `DELETE FROM ${changelog}`,
    `WITH a AS (SELECT 1) DELETE FROM ${changelog}`,
    `TRUNCATE ${changelog}`,
    `MERGE INTO ${changelog} USING (SELECT 'x' AS k) ON key = k WHEN MATCHED THEN DELETE`,
    `DROP TABLE ${changelog}`,
    'DROP VIEW my_app_shop_latest',
    `ALTER TABLE ${changelog} DROP COLUMN origin`,
    `COMMENT ON TABLE ${changelog} IS 'mine'`,
    'CREATE TABLE mine AS SELECT 1 AS x',
    'CREATE OR REPLACE VIEW my_app_shop_latest AS SELECT 1 AS x',
    'CREATE TEMP TABLE mine (x INT)',
    'CREATE TABLE memory.main.mine (x INT)',
    "COPY (SELECT 1) TO 'DIR/out.csv'",
    "EXPORT DATABASE 'DIR/out'",
    "ATTACH 'DIR/other.duckdb'",
    "ATTACH 'DIR/other.duckdb' AS other (READ_WRITE)",
    'DETACH shop',
    'INSTALL spatial',
    'LOAD json',
    'UPDATE EXTENSIONS',
    'CHECKPOINT',
    'FORCE CHECKPOINT',
    'VACUUM',
    'BEGIN',
    'SET threads = 1',
    'PRAGMA threads = 1',
    'USE memory',
    'PREPARE p AS SELECT 1',
    'CALL force_checkpoint()',
    "SELECT nextval('counter')",
    `EXPLAIN ANALYZE DELETE FROM ${changelog}`,
    "EXPLAIN ANALYZE COPY (SELECT 1) TO 'DIR/out.csv'",
    "EXPLAIN (ANALYZE, FORMAT json) COPY (SELECT 1) TO 'DIR/out.csv'",
    "-- a note\n/* and one more */ explain analyze COPY (SELECT 1) TO 'DIR/out.csv'",
    "/* one /* in another */ */ EXPLAIN ANALYZE COPY (SELECT 1) TO 'DIR/out.csv'",
    "SELECT * FROM enable_logging(storage := 'file', storage_config := {'path': 'DIR/log'})",
    "SELECT * FROM query('SELECT * FROM enable_' || 'logging(storage := ''file'', storage_path := ''DIR/log'')')",
    "WITH a AS (FROM enable_profiling(save_location := 'DIR/out.json', format := 'json')) SELECT count(*) FROM a",
  ])('is refused if it may write, and nothing is written: %s', async (statement) => {
    const { destination, place } = await prepared();
    const before = await contentsOf(place.directory);
    const sql = statement.replaceAll('DIR', place.directory);

    await expect(destination.query(sql)).rejects.toMatchObject({
      ...kind('query-writes'),
      message: expect.stringMatching(
        /^(This is a statement of type \w.*|The destination does not say what this statement does), and a query only reads: nothing was run$/,
      ),
      remedy: expect.stringContaining('--write'),
    });
    expect(await destination.estimate(sql, { write: true })).toEqual({ isFree: true, rows: null });

    expect(await contentsOf(place.directory)).toEqual(before);
  });

  test.for([
    `FROM ${changelog}`,
    `TABLE ${changelog};`,
    'VALUES (1)',
    `WITH a AS (SELECT 1 AS x) SELECT * FROM a`,
    `DESCRIBE ${changelog}`,
    'SHOW TABLES',
    'SHOW ALL TABLES',
    `SUMMARIZE ${changelog}`,
    `PRAGMA table_info('${changelog}')`,
    'PRAGMA database_size',
    `EXPLAIN SELECT * FROM my_app_shop_latest`,
    `explain analyze SELECT * FROM my_app_shop_latest`,
    `EXPLAIN (FORMAT json) SELECT * FROM ${changelog}`,
    'EXPLAIN (SELECT 1)',
    `-- a note\nSELECT 'enable_logging' AS enable_profiling -- and one more`,
    "SELECT count(*) FROM read_text('/dev/null')",
    'UNPIVOT (SELECT 1 AS x) ON x',
  ])('runs: %s', async (sql) => {
    const { destination } = await prepared();

    expect((await destination.query(sql)).columns).not.toEqual([]);
    expect(await destination.estimate(sql)).toMatchObject({ isFree: true });
  });
});

test.for([
  ['SELECT 1', 0],
  ['SELECT * FROM mine', 500],
  ['SELECT count(*) FROM mine AS a JOIN mine AS b USING (x)', 1_000],
  ['SELECT * FROM range(7)', 7],
  ['PRAGMA database_size', null],
  ['EXPLAIN SELECT 1', null],
] as const)('an estimate has the rows that the scans of a plan read: %s', async ([sql, rows]) => {
  await using place = await temporaryDatabase();
  await using destination = await place.open();
  await destination.prepare(SHOP, 1);
  await destination.execute('CREATE TABLE mine AS SELECT range AS x FROM range(500)');

  expect(await destination.estimate(sql)).toEqual({ isFree: true, rows });
});

describe('a file that an ended process left with a log', () => {
  const leftWithLog = async (): Promise<TemporaryDatabase> => {
    const [place, other] = [await temporaryDatabase(), await temporaryDatabase()];
    onTestFinished(() => place[Symbol.asyncDispose]());
    onTestFinished(() => other[Symbol.asyncDispose]());
    const instance = await DuckDBInstance.create(other.file);
    const connection = await instance.connect();
    await connection.run('CREATE TABLE mine AS SELECT 1 AS x; CHECKPOINT; INSERT INTO mine VALUES (2)');
    for (const suffix of ['', '.wal']) await copyFile(other.file + suffix, place.file + suffix);
    connection.closeSync();
    instance.closeSync();
    return place;
  };

  test('is read with what is in the log, and neither changes', async () => {
    const place = await leftWithLog();
    const before = await contentsOf(place.directory);
    const destination = await open(place);

    expect((await destination.query('SELECT x FROM mine ORDER BY x')).rows).toEqual([[1], [2]]);

    await destination[Symbol.asyncDispose]();
    expect(Object.keys(before)).toEqual(['shop.duckdb', 'shop.duckdb.wal']);
    expect(await contentsOf(place.directory)).toEqual(before);
  });

  test('is merged with its log by the next statement that may write', async () => {
    const place = await leftWithLog();
    const destination = await open(place);
    await destination.query('SELECT x FROM mine');

    await destination.execute('INSERT INTO mine VALUES (3)');
    await destination[Symbol.asyncDispose]();

    expect(await readdir(place.directory)).toEqual(['shop.duckdb']);
    expect((await (await open(place)).query('SELECT x FROM mine ORDER BY x')).rows).toEqual([[1], [2], [3]]);
  });
});

test('a query and the appends of one process take turns, and each sees what was written before', async () => {
  const place = await temporaryDatabase();
  onTestFinished(() => place[Symbol.asyncDispose]());
  const destination = await open(place);
  await destination.prepare(SHOP, 1);

  for (let n = 1; n <= 5; n++) {
    await destination.append(SHOP, [changeRow(`item ${n}`)]);
    expect((await destination.query('SELECT count(*) FROM my_app_shop_latest')).rows).toEqual([[n]]);
  }
});

test('a query works while another process writes without a pause', async () => {
  await using place = await temporaryDatabase();
  const worker = startDuckDbWorker('write', place.file);
  await worker.printed(2);
  await using destination = await place.open();

  const { rows } = await destination.query('SELECT count(*) FROM my_app_shop_latest');
  const written = worker.words.length;
  await worker.printed(written + 5);

  expect(Number(rows[0]?.[0])).toBeGreaterThanOrEqual(2);
});

test('a query of a view whose snapshot was dropped by hand names the snapshot, and the ways back', async () => {
  const place = await temporaryDatabase();
  const { destination, publishSnapshot } = await setStage(async () => place);
  const { snapshotId: id } = await publishSnapshot(snapshotId(), [scannedRow('a')]);
  await destination[Symbol.asyncDispose]();
  const { snapshot, latest } = objectNames(SHOP.name);
  await place.run(`DROP TABLE "${snapshot(id ?? '')}"`);
  await using again = await place.open();

  await expect(again.query(`SELECT count(*) FROM "${latest}"`)).rejects.toMatchObject({
    ...kind('destination-missing'),
    message: expect.stringContaining(snapshot(id ?? '')),
    remedy: expect.stringContaining('tailrace snapshots publish TABLE ID'),
  });
  await expect(again.query(`SELECT * FROM "${snapshot(id ?? '')}"`)).rejects.toMatchObject(kind('query-invalid'));
});
