import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { systemClock } from '../../../../src/clock.ts';
import { DuckDbDestination } from '../../../../src/destination/duckdb/duckdb-destination.ts';
import { systemRandom } from '../../../../src/random.ts';
import type { TypedView } from '../../../../src/schema/typed-view.ts';
import { type Published, unpublished } from '../../../../src/snapshot/published.ts';
import { startDuckDbWorker } from '../../../support/duckdb/start-worker.ts';
import { type TemporaryDatabase, temporaryDatabase } from '../../../support/duckdb/temporary-database.ts';
import { makeScan, publishMade } from '../../../support/stages/made-snapshots.ts';
import { changeRow, keyOf } from '../../../support/values/rows.ts';
import { SHOP, snapshotId } from '../../../support/values/shop.ts';
import { factsOf } from '../../../support/values/snapshot-facts.ts';
import { kind } from '../../../support/vitest/kind.ts';

const LABEL = '2020-03-01T00:00:00.000';
const FLOOR = Date.parse('2020-03-04T05:01:07.089Z');
const { from: _from, ...FACTS } = factsOf({ floor: FLOOR, startedAt: FLOOR + 300_000, streamLabel: LABEL });
const SECOND_FACTS = { ...FACTS, snapshotId: snapshotId(2), reading: snapshotId(2) };

/** A file with changes, two snapshots of which the first is published, and a typed view. */
async function filled(place: TemporaryDatabase, { events = true, changes = true } = {}): Promise<Published> {
  await using destination = await place.open();
  await destination.prepare(SHOP, 1);
  if (changes) await destination.append(SHOP, [changeRow('a')]);
  if (!events) return unpublished(1);
  const first = await makeScan(destination, [], FACTS);
  const second = await makeScan(destination, [], SECOND_FACTS);
  const actor = 'somebody';
  await destination.record({ ...first, at: FLOOR + 400_000, event: 'published', actor });
  await destination.record({ ...second, at: FLOOR + 500_000, event: 'finished', actor });
  return await publishMade(destination, first);
}

/** As `EXPORT DATABASE` and `IMPORT DATABASE` leave it. */
async function exportAndImport(
  place: TemporaryDatabase,
  edit = (schema: string) => schema,
): Promise<DuckDbDestination> {
  const dump = join(place.directory, 'dump');
  await place.run(`EXPORT DATABASE '${dump}'`);
  const schema = join(dump, 'schema.sql');
  await writeFile(schema, edit(stateFirst(await readFile(schema, 'utf8'))));
  return copyOf(place, (target) => [`USE ${target}`, `IMPORT DATABASE '${dump}'`]);
}

/** The views are written in the order of their names: those that read the state would come before it. */
function stateFirst(schema: string): string {
  const lines = schema.split('\n');
  const isState = (line: string) => line.startsWith('CREATE VIEW my_app_shop_state');
  const firstView = lines.findIndex((line) => line.startsWith('CREATE VIEW'));
  return [
    ...lines.slice(0, firstView),
    ...lines.filter(isState),
    ...lines.slice(firstView).filter((line) => !isState(line)),
  ].join('\n');
}

async function copyOf(
  place: TemporaryDatabase,
  copy: (target: string) => readonly string[],
): Promise<DuckDbDestination> {
  const path = join(place.directory, 'copy.duckdb');
  await place.run(`ATTACH '${path}' AS target`, ...copy('target'), `USE shop`, `DETACH target`);
  return new DuckDbDestination(path, { clock: systemClock, random: systemRandom });
}

test('setup recognises what DuckDB exported and imported, and what was published', async () => {
  await using place = await temporaryDatabase();
  const published = await filled(place);
  await using copy = await exportAndImport(place);
  await expect(copy.published(SHOP)).rejects.toMatchObject({
    remedy: expect.stringContaining('tailrace setup my-app.shop'),
  });

  const recognised = [
    'my_app_shop_changelog',
    'my_app_shop_latest',
    `my_app_shop_snapshot_${snapshotId(1)}`,
    `my_app_shop_snapshot_${snapshotId(2)}`,
    'my_app_shop_state',
    'tailrace_clock',
    'tailrace_snapshots',
  ];
  expect(await copy.preview(SHOP, 1)).toEqual({ created: [], recognised });
  expect(await copy.sources()).toEqual([]);
  expect(await copy.prepare(SHOP, 1)).toEqual({ created: [], recognised });

  expect(await copy.preview(SHOP, 1)).toEqual({ created: [] });
  expect(await copy.sources()).toEqual([SHOP]);
  expect(await copy.published(SHOP)).toEqual(published);
  expect((await copy.ownedObjects(SHOP.name)).objects.map(({ name }) => name).toSorted()).toEqual(
    recognised.slice(0, -2),
  );
  expect(await copy.countLatest(SHOP)).toBe(1);
  await copy.append(SHOP, [changeRow('b')]);
  expect(await copy.countLatest(SHOP)).toBe(2);
});

test('a typed view of the same schema is recognised after an import; another one is left, with the command that drops it', async () => {
  await using place = await temporaryDatabase();
  await filled(place);
  const view = (...names: string[]): TypedView => ({
    name: 'my_app_shop_latest_typed',
    columns: names.map((name) => ({ name, type: 'STRING', description: `The ${name}.`, path: [name], cluster: false })),
  });
  {
    await using destination = await place.open();
    await destination.applyViews(SHOP, [view('id')]);
  }
  await using copy = await exportAndImport(place);
  await copy.prepare(SHOP, 1);

  for (const dryRun of [true, false]) {
    const refusal = await copy.applyViews(SHOP, [view('id', 'note')], { dryRun }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      kind: 'destination-conflict',
      remedy: expect.stringContaining(`'DROP VIEW "my_app_shop_latest_typed"'`),
    });
  }
  const commented = async () => (await copy.ownedObjects(SHOP.name)).objects.map(({ name }) => name);
  await copy.applyViews(SHOP, [view('id')], { dryRun: true });
  expect(await commented()).not.toContain(view().name);
  expect(await copy.applyViews(SHOP, [view('id')])).toMatchObject([{ name: view().name, action: 'replaced' }]);
  expect(await commented()).toContain(view().name);
  await copy.applyViews(SHOP, [view('id', 'note')]);
});

test('a view of another text is refused also where the published snapshot is gone', async () => {
  await using place = await temporaryDatabase();
  await filled(place);
  await using destination = await place.open();
  await destination.execute('DROP VIEW my_app_shop_latest');
  await destination.execute('DROP VIEW my_app_shop_state');
  await destination.dropSnapshot(SHOP, snapshotId());
  await destination.execute('CREATE VIEW my_app_shop_latest AS SELECT 1 AS a');

  await expect(destination.prepare(SHOP, 1)).rejects.toMatchObject({
    ...kind('destination-conflict'),
    remedy: expect.stringContaining('Drop my_app_shop_latest'),
  });
});

test('setup recognises an imported file of no snapshot and no change', async () => {
  await using place = await temporaryDatabase();
  await filled(place, { events: false, changes: false });
  await using copy = await exportAndImport(place);

  expect(await copy.prepare(SHOP, 1)).toMatchObject({ created: [] });

  expect(await copy.published(SHOP)).toEqual(unpublished(1));
});

async function oldestIn(place: TemporaryDatabase): Promise<unknown> {
  await using destination = await place.open();
  await destination.append(SHOP, [changeRow('b')]);
  const { rows } = await destination.query('SELECT epoch_ms(min(ingested_at)) FROM my_app_shop_changelog');
  return rows[0]?.[0];
}

test('an imported changelog is stored as setup is asked to, and has all rows since its oldest and those that its state needs', async () => {
  await using place = await temporaryDatabase();
  const { from } = await filled(place);
  const keptSince = Math.min(Number(await oldestIn(place)), from ?? 0);
  await using copy = await exportAndImport(place);

  await copy.prepare(SHOP, 1, { partition: 'hour', historyDays: 30 });

  expect((await copy.known(SHOP.name))?.changelog).toEqual({ partition: 'hour', historyDays: 30, keptSince });
});

test('an imported changelog without rows and without a snapshot is as old as its setup', async () => {
  await using place = await temporaryDatabase();
  await filled(place, { changes: false, events: false });
  await using copy = await exportAndImport(place);
  const before = Date.now();

  await copy.prepare(SHOP, 1);

  const { partition, historyDays, keptSince = 0 } = (await copy.known(SHOP.name))?.changelog ?? {};
  expect({ partition, historyDays }).toEqual({ partition: 'day', historyDays: 400 });
  expect(keptSince).toBeGreaterThanOrEqual(before);
});

test('imported changes of an unknown table are adopted by a command that setup prints', async () => {
  await using place = await temporaryDatabase();
  await filled(place, { events: false });
  await using copy = await exportAndImport(place);

  const refusal = await copy.prepare(SHOP, 1).catch((error: unknown) => error);

  expect(refusal).toMatchObject(kind('destination-conflict'));
  const { remedy } = refusal as { remedy: string };
  await copy.execute(/tailrace query '([^']+)'/.exec(remedy)?.[1] ?? '');
  expect(await copy.prepare(SHOP, 1)).toMatchObject({ created: [] });
  expect(await copy.sources()).toEqual([SHOP]);
});

test.for([
  ['another ARN', { ...SHOP, arn: SHOP.arn.replace('eu-central-1', 'eu-west-1') }],
  ['another TableId', { ...SHOP, tableId: 'created again' }],
] as const)('an imported file is not taken for that of a table of %s', async ([, other]) => {
  await using place = await temporaryDatabase();
  await filled(place);
  await using copy = await exportAndImport(place);

  await expect(copy.prepare(other, 1)).rejects.toMatchObject(kind('destination-conflict'));

  expect(await copy.sources()).toEqual([]);
});

test('a latest view that was edited before it was imported is refused', async () => {
  await using place = await temporaryDatabase();
  await filled(place);
  await using copy = await exportAndImport(place, (schema) =>
    schema.replace('VIEW my_app_shop_latest AS SELECT', '$& DISTINCT'),
  );

  await expect(copy.prepare(SHOP, 1)).rejects.toMatchObject(kind('destination-conflict'));
});

test('COPY FROM DATABASE copies everything: comments, views of views and what is published', async () => {
  await using place = await temporaryDatabase();
  const published = await filled(place);
  await place.run('CREATE VIEW "a view before the others" AS SELECT key FROM my_app_shop_latest');
  await using copy = await copyOf(place, (target) => [`COPY FROM DATABASE shop TO ${target}`]);

  expect(await copy.sources()).toEqual([SHOP]);
  expect(await copy.published(SHOP)).toEqual(published);
  expect(await copy.ledger(SHOP)).toHaveLength(2);
  expect(await copy.query('SELECT * FROM "a view before the others"')).toMatchObject({ rows: [[keyOf('a')]] });
  expect(await copy.prepare(SHOP, 1)).toMatchObject({ created: [] });
});

test('a backup by COPY FROM DATABASE while another process writes is whole, and takes nothing from that process', async () => {
  await using place = await temporaryDatabase();
  const worker = startDuckDbWorker('write', place.file);
  await worker.printed(5);
  const before = worker.words.length;

  const backup = join(place.directory, 'backup.duckdb');
  await backUp(place.file, backup);

  const after = worker.words.length;
  await worker.printed(after + 5);
  await worker.kill();
  await using copy = new DuckDbDestination(backup, { clock: systemClock, random: systemRandom });
  const { rows } = await copy.changelogStatus(SHOP, null);
  expect(rows).toBeGreaterThanOrEqual(before);
  expect(await copy.query(`SELECT max(sequence_number::INT) FROM my_app_shop_changelog`)).toMatchObject({
    rows: [[rows]],
  });
  expect(await copy.countLatest(SHOP)).toBe(rows);
  expect(await copy.prepare(SHOP, 1)).toMatchObject({ created: [] });
  await using original = await place.open();
  expect((await original.changelogStatus(SHOP, null)).rows).toBeGreaterThanOrEqual(after + 5);
});

/** As the command in the docs: repeated until no other process has the file open. */
async function backUp(file: string, backup: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    for (;;) {
      const isOpen = await connection.run(`ATTACH '${file}' AS shop (READ_ONLY)`).then(
        () => true,
        (error: Error) => {
          if (!/Could not set lock/.test(error.message)) throw error;
          return false;
        },
      );
      if (isOpen) break;
    }
    await connection.run(`ATTACH '${backup}' AS backup; COPY FROM DATABASE shop TO backup`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
