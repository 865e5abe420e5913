import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runCompaction } from '../../../backfill/compaction.ts';
import { systemClock } from '../../../src/clock.ts';
import { DuckDbDestination } from '../../../src/destination/duckdb/duckdb-destination.ts';
import { objectNames } from '../../../src/names/object-names.ts';
import { systemRandom } from '../../../src/random.ts';
import { RecordingLog } from '../../support/memory/recording-log.ts';
import { createWorkplace } from '../../support/process/tailrace-process.ts';
import { compact, makeScan, publishMade } from '../../support/stages/made-snapshots.ts';
import { changeRow, scannedRow } from '../../support/values/rows.ts';
import { SHOP, snapshotId } from '../../support/values/shop.ts';

const NAMES = objectNames(SHOP.name);
const FILE = ['--destination', 'duckdb:shop.duckdb'];
const SHOWN = `SELECT key, CAST(item AS VARCHAR) AS item FROM "${NAMES.latest}" ORDER BY key`;

const SNAPSHOTS = "SELECT table_name FROM duckdb_tables() WHERE contains(table_name, '_snapshot_') ORDER BY 1";

/** A file with a table that was scanned, and three changes since. */
async function stage() {
  const place = await createWorkplace({ inProcess: true });
  onTestFinished(() => place[Symbol.asyncDispose]());
  const deps = { clock: systemClock, random: systemRandom };
  {
    await using destination = new DuckDbDestination(join(place.directory, 'shop.duckdb'), deps);
    await destination.prepare(SHOP, 1);
    await publishMade(destination, await makeScan(destination, [scannedRow('a'), scannedRow('b')]));
    await destination.append(SHOP, [
      changeRow('a', { sequenceNumber: '7' }),
      changeRow('b', { sequenceNumber: '8', operation: 'REMOVE' }),
      changeRow('c', { sequenceNumber: '9' }),
    ]);
  }
  const run = (...args: readonly string[]) => place.tailrace([...args, ...FILE]);
  const write = async (sql: string) => expect((await run('query', sql, '--write')).code).toBe(0);
  /** What the views show, and the snapshots that are there. */
  const content = async () => {
    const rows = async (sql: string) => (await run('query', sql, '--json')).stdout.trimEnd().split('\n');
    return { shown: await rows(SHOWN), tables: await rows(SNAPSHOTS) };
  };
  return { place, run, write, content, compact: (...args: readonly string[]) => run('compact', SHOP.name, ...args) };
}

test('compact shows the same as before, and reports what each query reads', async () => {
  const { compact, content } = await stage();
  const before = await content();

  const { code, stdout } = await compact();

  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^Compacted my-app\.shop in .+: snapshot \d{8}t\d{6}z[0-9a-f]{4} has 2 items\.\nA query reads it and 0 changes; before it read 3 changes over 20260304t050601zab01\.\n$/,
  );
  expect(before.shown).toHaveLength(2);
  expect((await content()).shown).toEqual(before.shown);
});

test('compact gives a script one object', async () => {
  const { compact } = await stage();

  const { code, stdout, stderr } = await compact('--json');

  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toEqual({
    table: SHOP.name,
    snapshot_id: expect.stringMatching(/^\d{8}t\d{6}z[0-9a-f]{4}$/),
    replaced_snapshot_id: snapshotId(),
    items: 2,
    changes_read_before: 3,
    changes_read_now: 0,
    duration_ms: expect.any(Number),
  });
});

test('compact --dry-run says what would be folded, and changes nothing', async () => {
  const { compact, content } = await stage();
  const before = await content();

  const forPerson = await compact('--dry-run');
  const forScript = await compact('--dry-run', '--json');

  expect(forPerson).toMatchObject({ code: 0 });
  expect(forPerson.stdout).toContain(`Would be folded: 3 changes of ${SHOP.name} over snapshot ${snapshotId()}.`);
  expect(JSON.parse(forScript.stdout)).toMatchObject({
    dry_run: true,
    snapshot_id: snapshotId(),
    changes: 3,
    dollars: 0,
  });
  expect(await content()).toEqual(before);
});

test('compact of a table that the file has nothing of names the one that was meant', async () => {
  const { compact, run } = await stage();

  const { code, stderr } = await run('compact', 'my-app.shopp');

  expect(code).toBe(2);
  expect(stderr).toContain('Nothing of table my-app.shopp is in duckdb:shop.duckdb');
  expect(stderr).toContain('Did you mean my-app.shop?');
  expect((await compact()).code).toBe(0);
});

test.each([
  [
    'whose state was edited by hand',
    `CREATE OR REPLACE VIEW "${NAMES.state}" AS SELECT 1 AS x`,
    /state has no comment/,
  ],
  ['whose base was dropped', `DROP TABLE "${NAMES.snapshot(snapshotId())}"`, /isn't there, or has lost the comment/],
  [
    "whose base's comment is gone",
    `COMMENT ON TABLE "${NAMES.snapshot(snapshotId())}" IS NULL`,
    /isn't there, or has lost the comment/,
  ],
  ['whose changelog is gone', `DROP TABLE "${NAMES.changelog}"`, /Nothing of table/],
])('compact of a table %s is refused by name with the way out, and leaves nothing', async (_, sql, message) => {
  const { compact, content, write } = await stage();
  await write(sql);
  const before = await content();

  for (const args of [[], ['--json']]) {
    const { code, stdout, stderr } = await compact(...args);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/(backfill|setup) my-app\.shop/);
  }
  expect(await content()).toEqual(before);
});

test('of two at once one is done, and the other is refused by name; the views show the same', async () => {
  const { place, run, content } = await stage();
  const before = await content();
  await using destination = new DuckDbDestination(join(place.directory, 'shop.duckdb'), {
    clock: systemClock,
    random: systemRandom,
  });

  const ended = await Promise.allSettled([compact(destination), compact(destination)]);

  expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(ended.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { kind: 'snapshot-superseded' } });
  expect((await content()).shown).toEqual(before.shown);
  expect((await content()).tables).toHaveLength(2);
  expect((await run('compact', SHOP.name)).code).toBe(0);
});

test('compact that is interrupted while it folds is named so, and leaves nothing', async () => {
  const { place, run, content } = await stage();
  const before = await content();
  const deps = { clock: systemClock, random: systemRandom };
  await using destination = new DuckDbDestination(join(place.directory, 'shop.duckdb'), deps);
  const compaction = { table: SHOP, destination, ...deps, log: new RecordingLog(), actor: 'somebody', horizonMs: null };

  const attempt = runCompaction({ ...compaction, signal: AbortSignal.abort() });

  await expect(attempt).rejects.toMatchObject({
    kind: 'interrupted',
    message: `The compaction of ${SHOP.name} was interrupted: nothing was published`,
  });
  expect(await content()).toEqual(before);
  expect((await run('compact', SHOP.name)).code).toBe(0);
});
