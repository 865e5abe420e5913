import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../../src/clock.ts';
import type { Destination } from '../../../../src/destination/destination.ts';
import { DuckDbDestination } from '../../../../src/destination/duckdb/duckdb-destination.ts';
import { comparisonName, objectNames } from '../../../../src/names/object-names.ts';
import { identity } from '../../../../src/privacy/transform.ts';
import { systemRandom } from '../../../../src/random.ts';
import { publishedOver } from '../../../../src/snapshot/ledger.ts';
import { toSnapshotRow } from '../../../../src/snapshot/row.ts';
import { duckdb } from '../../../../src/views/duckdb.ts';
import { type TemporaryDatabase, temporaryDatabase } from '../../../support/duckdb/temporary-database.ts';
import { setStage } from '../../../support/stages/contract-stage.ts';
import { makeScan } from '../../../support/stages/made-snapshots.ts';
import { HOSTILE_ITEMS } from '../../../support/values/hostile-items.ts';
import { rowFile } from '../../../support/values/row-file.ts';
import { changeRow, keyOf, scannedRow } from '../../../support/values/rows.ts';
import { SHOP, snapshotId, sourceTable } from '../../../support/values/shop.ts';
import { factsOf } from '../../../support/values/snapshot-facts.ts';
import { kind } from '../../../support/vitest/kind.ts';

const DEPS = { clock: systemClock, random: systemRandom };
const DAY_MS = 24 * 60 * 60 * 1000;

/** All methods that only read, and `append`, which needs the tables that `prepare` makes. */
const USES: Readonly<Record<string, (destination: Destination) => Promise<unknown>>> = {
  query: (destination) => destination.query('SELECT 1'),
  sources: (destination) => destination.sources(),
  published: (destination) => destination.published(SHOP),
  countLatest: (destination) => destination.countLatest(SHOP),
  changelogStatus: (destination) => destination.changelogStatus(SHOP, null),
  ledger: (destination) => destination.ledger(SHOP),
  compare: (destination) => destination.compare(SHOP, 'c1'),
  append: (destination) => destination.append(SHOP, [changeRow('a')]),
};

async function duckdbStage() {
  const places: TemporaryDatabase[] = [];
  const stage = await setStage(async () => {
    const place = await temporaryDatabase();
    places.push(place);
    return place;
  });
  const [place] = places;
  if (place === undefined) throw new Error('No place was made');
  return { ...stage, place };
}

describe('a file that is not there', () => {
  test.for(Object.entries(USES))('is not made by %s', async ([, use]) => {
    await using place = await temporaryDatabase();
    await using destination = await place.open();

    await expect(use(destination)).rejects.toMatchObject(kind('destination-missing'));

    expect(await readdir(place.directory)).toEqual([]);
  });

  test('is gone again when preparing it is refused', async () => {
    await using place = await temporaryDatabase();
    await using destination = await place.open();

    await expect(destination.prepare(sourceTable('tailrace_x'), 1)).rejects.toMatchObject(kind('destination-conflict'));

    expect(await readdir(place.directory)).toEqual([]);
    await destination.prepare(SHOP, 1);
    expect(await destination.sources()).toEqual([SHOP]);
  });

  test('does not get a directory made for it', async () => {
    await using place = await temporaryDatabase();
    await using destination = new DuckDbDestination(join(place.directory, 'absent', 'x.duckdb'), DEPS);

    await expect(destination.prepare(SHOP, 1)).rejects.toMatchObject(kind('destination-invalid'));

    expect(await readdir(place.directory)).toEqual([]);
  });
});

describe('what is no DuckDB file', () => {
  test.for(['hello', 'SQLite format 3\0'.padEnd(20_000, 'x')])('is refused and left as it is', async (content) => {
    await using place = await temporaryDatabase();
    await writeFile(place.file, content);
    await using destination = await place.open();

    await expect(destination.prepare(SHOP, 1)).rejects.toMatchObject(kind('destination-invalid'));
    await expect(destination.query('SELECT 1')).rejects.toThrow(place.file);

    expect(await readFile(place.file, 'utf8')).toBe(content);
    expect(await readdir(place.directory)).toEqual(['shop.duckdb']);
  });

  test.for(Object.entries({ ...USES, prepare: (to: Destination) => to.prepare(SHOP, 1) }))(
    'is an empty file that stays empty: %s refuses it by name, and leaves it',
    async ([, use]) => {
      await using place = await temporaryDatabase();
      const path = join(place.directory, 'empty.duckdb');
      await writeFile(path, '');
      let waits = 0;
      // The second attempt comes after the whole wait.
      const clock = { now: () => 10_000 * waits, sleep: async () => void waits++ };
      await using destination = new DuckDbDestination(path, { ...DEPS, clock });

      await expect(use(destination)).rejects.toMatchObject({
        ...kind('destination-invalid'),
        message: `${path} is empty, which no DuckDB file is`,
        remedy: expect.stringContaining('Remove it'),
      });

      expect(await readFile(path, 'utf8')).toBe('');
    },
  );

  test('may become one: an empty file is waited for', async () => {
    await using place = await temporaryDatabase();
    const path = join(place.directory, 'empty.duckdb');
    await writeFile(path, '');
    const clock = { ...systemClock, sleep: () => rm(path, { force: true }) };
    await using destination = new DuckDbDestination(path, { ...DEPS, clock });

    expect((await destination.prepare(SHOP, 1)).created).toHaveLength(4);
  });

  test('is refused if it is a device', async () => {
    await using destination = new DuckDbDestination('/dev/null', DEPS);

    await expect(destination.prepare(SHOP, 1)).rejects.toMatchObject({
      ...kind('destination-invalid'),
      message: '/dev/null is not a file',
    });
  });

  test('is refused if it is a directory', async () => {
    await using place = await temporaryDatabase();
    await mkdir(place.file);
    await using destination = await place.open();

    await expect(destination.prepare(SHOP, 1)).rejects.toMatchObject(kind('destination-invalid'));
  });
});

test('a file can be renamed and moved, and its views work, in other programs too', async () => {
  const { place, destination, publishSnapshot } = await duckdbStage();
  await publishSnapshot(snapshotId(), [scannedRow('a')]);
  await destination.append(SHOP, [changeRow('b')]);
  await destination[Symbol.asyncDispose]();
  const moved = join(place.directory, 'elsewhere', 'other name.db');
  await mkdir(join(place.directory, 'elsewhere'));
  await rename(place.file, moved);

  await using again = new DuckDbDestination(moved, DEPS);

  expect(await again.countLatest(SHOP)).toBe(2);
  expect((await again.query('SELECT key FROM my_app_shop_latest ORDER BY key')).rows).toEqual([
    [keyOf('a')],
    [keyOf('b')],
  ]);
  const { rows } = await again.query(`
    SELECT sql FROM duckdb_views() WHERE NOT internal
    UNION ALL SELECT sql FROM duckdb_tables()`);
  expect(JSON.stringify(rows)).not.toMatch(/other name|"shop"|shop\.main|main\./);
});

test('a file that was moved away while it was in use is reported as missing, and not made again', async () => {
  const { place, destination } = await duckdbStage();
  await destination[Symbol.asyncDispose]();
  await using again = await place.open();
  await rename(place.file, `${place.file}.moved`);

  await expect(again.append(SHOP, [changeRow('a')])).rejects.toMatchObject(kind('destination-missing'));

  expect(existsSync(place.file)).toBe(false);
});

test('two names of one file are one file: nothing is lost between them', async () => {
  const { place, destination } = await duckdbStage();
  const link = join(place.directory, 'link.duckdb');
  await symlink(place.file, link);
  await using linked = new DuckDbDestination(link, DEPS);

  await Promise.all(
    Array.from({ length: 20 }, (_, n) => (n % 2 ? linked : destination).append(SHOP, [changeRow(`item ${n}`)])),
  );

  expect(await linked.countLatest(SHOP)).toBe(20);
});

describe('a file that has a name of DuckDB’s own', () => {
  test.for([
    'main.duckdb',
    'Main.duckdb',
    'MAIN.db',
    'information_schema.duckdb',
    'Pg_Catalog.duckdb',
    'temp.duckdb',
    'SYSTEM.db',
    'memory.duckdb',
    'tailrace_file.duckdb',
    'Default.duckdb',
    'my_app_shop_latest.duckdb',
    'a.b"c.duckdb',
    'default',
    '.duckdb',
  ])('works like any other: %s', async (name) => {
    const { place, destination } = await duckdbStage();
    const path = join(place.directory, name);
    await using named = new DuckDbDestination(path, DEPS);

    await named.prepare(SHOP, 1);
    await named.append(SHOP, [changeRow('a')]);

    await using other = new DuckDbDestination(path, DEPS);
    expect(await other.sources()).toEqual([SHOP]);
    expect(await other.query('SELECT count(*) FROM my_app_shop_latest')).toMatchObject({ rows: [[1]] });
    expect((await other.query('DESCRIBE my_app_shop_latest')).rows).not.toEqual([]);
    expect(await destination.countLatest(SHOP)).toBe(0);
  });

  test.for(['Main.db', 'pg_catalog.duckdb', 'information_schema.db'])(
    'works once it is renamed so: %s',
    async (name) => {
      const { place, destination } = await duckdbStage();
      await destination.append(SHOP, [changeRow('a')]);
      await destination[Symbol.asyncDispose]();
      const path = join(place.directory, name);
      await rename(place.file, path);

      await using renamed = new DuckDbDestination(path, DEPS);
      await renamed.append(SHOP, [changeRow('b')]);

      expect(await renamed.countLatest(SHOP)).toBe(2);
    },
  );

  test('works with a schema of a person’s that is called as the file is', async () => {
    const { place, destination } = await duckdbStage();
    await destination.execute('CREATE SCHEMA shop');
    await destination[Symbol.asyncDispose]();

    await using again = await place.open();

    await again.append(SHOP, [changeRow('a')]);
    expect(await again.query('SELECT count(*) FROM my_app_shop_latest')).toMatchObject({ rows: [[1]] });
  });
});

test('a disposed destination leaves one closed file that any program opens', async () => {
  const { place, destination } = await duckdbStage();
  await destination.append(SHOP, [changeRow('a')]);

  await destination[Symbol.asyncDispose]();

  expect(await readdir(place.directory)).toEqual(['shop.duckdb']);
  await place.run('SELECT * FROM my_app_shop_latest');
});

test('images are stored as their exact text', async () => {
  const { destination } = await duckdbStage();
  const newImage =
    '{"__proto__":{},"a":0.30000000000000004,"b":"\\u0000\\u001f","n":"12345678901234567890123456789012345678","":[]}';
  await destination.append(SHOP, [changeRow('a', { newImage })]);

  const { rows } = await destination.query('SELECT CAST(item AS VARCHAR) FROM my_app_shop_latest');

  expect(rows).toEqual([[newImage]]);
});

describe('a change by hand', () => {
  test('is seen in the latest view, which is not overwritten', async () => {
    const { destination } = await duckdbStage();
    await destination.execute('CREATE OR REPLACE VIEW my_app_shop_latest AS SELECT 1 AS mine');

    await expect(destination.prepare(SHOP, 1)).rejects.toMatchObject(kind('destination-conflict'));

    expect((await destination.query('SELECT * FROM my_app_shop_latest')).columns).toEqual(['mine']);
  });

  test('is seen in the state: nothing is published until setup has made it again over what was published', async () => {
    const { destination, publishSnapshot, items } = await duckdbStage();
    const published = await publishSnapshot(snapshotId(1), [scannedRow('a')]);
    const made = await makeScan(destination, [], { snapshotId: snapshotId(2) });
    const facts = await destination.describeSnapshot(SHOP, snapshotId(1));
    await destination.record({ ...(facts ?? factsOf()), at: 1, event: 'published', actor: 'somebody' });
    await destination.execute('CREATE OR REPLACE VIEW my_app_shop_state AS SELECT 1 AS mine');

    await expect(destination.published(SHOP)).rejects.toMatchObject({
      ...kind('destination-conflict'),
      remedy: expect.stringContaining('tailrace setup'),
    });
    const publication = { next: publishedOver(made), startedFrom: published, by: 'choice' } as const;
    await expect(destination.publish(SHOP, publication)).rejects.toMatchObject(kind('destination-conflict'));
    await destination.prepare(SHOP, 1);

    expect(await destination.published(SHOP)).toEqual(published);
    expect(Object.keys(await items())).toEqual([keyOf('a')]);
  });

  test("is seen in the changelog's columns", async () => {
    const { destination } = await duckdbStage();
    await destination.execute('DROP VIEW my_app_shop_latest');
    await destination.execute('ALTER TABLE my_app_shop_changelog DROP COLUMN origin');

    await expect(destination.prepare(SHOP, 1)).rejects.toMatchObject(kind('destination-conflict'));
    await expect(destination.append(SHOP, [changeRow('a')])).rejects.toMatchObject(kind('destination-invalid'));
  });
});

test('the table of a killed comparison is dropped by another one a day later, and not before', async () => {
  const { place, destination } = await duckdbStage();
  await destination.compare(SHOP, 'left');
  await destination[Symbol.asyncDispose]();
  const leftAt = async (later: number) => {
    const clock = { ...systemClock, now: () => Date.now() + later };
    await using another = new DuckDbDestination(place.file, { ...DEPS, clock });
    await using _comparison = await another.compare(SHOP, 'next');
    const { rows } = await another.query(
      `SELECT 1 FROM duckdb_tables() WHERE table_name = '${comparisonName('left')}'`,
    );
    return rows.length === 1;
  };

  expect(await leftAt(DAY_MS - 60_000)).toBe(true);
  expect(await leftAt(DAY_MS)).toBe(false);
});

test('rows that cannot be stored are all left out, and the next ones go in', async () => {
  const { destination } = await duckdbStage();
  const broken = { ...changeRow('broken'), key: null as unknown as string };

  await expect(destination.append(SHOP, [changeRow('a'), broken])).rejects.toMatchObject(kind('destination-invalid'));

  expect(await destination.changelogStatus(SHOP, null)).toMatchObject({ rows: 0 });
  await destination.append(SHOP, [changeRow('b')]);
  expect(await destination.changelogStatus(SHOP, null)).toMatchObject({ rows: 1 });
});

test('a snapshot takes up the blocks that its rows are in, long texts included', async () => {
  const { destination, place } = await duckdbStage();
  const text = () => JSON.stringify({ text: randomBytes(30_000).toString('base64') });
  const rows = Array.from({ length: 30 }, (_, index) => scannedRow(`${index}`, text()));
  for (const [n, loaded] of [
    [1, rows.slice(0, 10)],
    [2, rows],
  ] as const) {
    await makeScan(destination, loaded, { snapshotId: snapshotId(n) });
  }
  // Closing it moves everything out of the write-ahead log.
  await destination[Symbol.asyncDispose]();
  const later = await place.open();

  const small = await later.snapshotBytes(SHOP, snapshotId(1));
  const large = await later.snapshotBytes(SHOP, snapshotId(2));
  await later[Symbol.asyncDispose]();

  const bytes = 30 * 40_000;
  expect(small).toBeLessThan(bytes);
  expect(large).toBeGreaterThan(bytes);
  expect(large).toBeLessThan(2 * bytes);
});

test('thousands of rows are stored as their exact text, and may come twice', async () => {
  const { destination } = await duckdbStage();
  const hostile = HOSTILE_ITEMS.map(([, value], index) =>
    toSnapshotRow({ pk: { S: `key "${index}" \u001f\n` }, value }, ['pk'], identity),
  );
  const rows = [...hostile, ...Array.from({ length: 3_000 }, (_, id) => scannedRow(`${id}`))];
  const id = snapshotId();
  await destination.createLoad(SHOP, id);

  for (const _time of [1, 2]) await destination.loadSnapshot(SHOP, id, 'chunk-1', rowFile(rows));
  expect(await destination.countLoad(SHOP, id)).toEqual({ rows: 2 * rows.length, keys: rows.length });
  await destination.makeSnapshot(SHOP, factsOf(), true);

  const stored = await destination.query(
    `SELECT key, item::VARCHAR, digest, position, changed_at, removed FROM ${duckdb.table(objectNames(SHOP.name).snapshot(id))}`,
  );
  const byKey = (a: readonly unknown[], b: readonly unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);
  expect(stored.rows.toSorted(byKey)).toEqual(
    rows.map(({ key, item, digest }) => [key, item, digest, null, null, null]).toSorted(byKey),
  );
});

test.each([
  [2_000, 100],
  [2_000, 6_000],
  [30, 300_000],
])('after %s rows of %s characters came at once, the process uses the file as before', async (count, length) => {
  const { destination } = await duckdbStage();
  const id = snapshotId();
  await destination.createLoad(SHOP, id);
  const item = JSON.stringify({ text: 'x'.repeat(length) });
  const rows = Array.from({ length: count }, (_, n) => scannedRow(`${n}`, item));

  await Promise.all([
    destination.loadSnapshot(SHOP, id, 'chunk-1', rowFile(rows)),
    destination.append(SHOP, [changeRow('a')]),
    destination.loadSnapshot(SHOP, id, 'chunk-2', rowFile([scannedRow('few')])),
    destination.append(SHOP, [changeRow('b', { sequenceNumber: '2' })]),
  ]);

  expect(await destination.changelogStatus(SHOP, null)).toMatchObject({ rows: 2 });
  expect(await destination.countLoad(SHOP, id)).toEqual({ rows: count + 1, keys: count + 1 });
});
