import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../../src/clock.ts';
import type { Finding } from '../../../../src/destination/comparer.ts';
import { boundedRows } from '../../../../src/destination/duckdb/bounded-rows.ts';
import { DatabaseFile } from '../../../../src/destination/duckdb/database-file.ts';
import {
  itemParts,
  keyParts,
  rowCount,
  rowCountsOfState,
  rowParts,
} from '../../../../src/destination/duckdb/key-parts.ts';
import { GROUP_ROWS } from '../../../../src/destination/duckdb/open-instance.ts';
import { sqlComparison } from '../../../../src/destination/sql-comparison.ts';
import { number, text } from '../../../../src/destination/sql-row.ts';
import { loadName, objectNames } from '../../../../src/names/object-names.ts';
import { systemRandom } from '../../../../src/random.ts';
import { publishedOver } from '../../../../src/snapshot/ledger.ts';
import { unpublished } from '../../../../src/snapshot/published.ts';
import { digestOf } from '../../../../src/value/digest.ts';
import { stateCount } from '../../../../src/views/counts.ts';
import { duckdb, inSlice } from '../../../../src/views/duckdb.ts';
import type { KeyCondition } from '../../../../src/views/key-condition.ts';
import { loadCount } from '../../../../src/views/snapshot.ts';
import { stateDifference } from '../../../../src/views/state-difference.ts';
import { temporaryDatabase } from '../../../support/duckdb/temporary-database.ts';
import { setStage } from '../../../support/stages/contract-stage.ts';
import { makeScan, publishMade } from '../../../support/stages/made-snapshots.ts';
import { keyFile, rowFile } from '../../../support/values/row-file.ts';
import { CHANGED_AT, changeRow, keyOf, scannedRow } from '../../../support/values/rows.ts';
import { SHOP, snapshotId } from '../../../support/values/shop.ts';
import { factsOf } from '../../../support/values/snapshot-facts.ts';

const PARTS = Array.from({ length: 7 }, (_, index) => inSlice({ index, of: 7 }));
const NAMES = objectNames(SHOP.name);

async function fileStage() {
  const place = await temporaryDatabase();
  const stage = await setStage(async () => place);
  const file = DatabaseFile.acquire(place.file, { clock: systemClock, random: systemRandom });
  onTestFinished(() => file.release());
  return { ...stage, file, rows: (sql: string) => file.use((session) => session.rows(sql)) };
}

/** What a statement counts of all keys, and the sums of what it counts of each part of them. */
async function wholeAndSums(
  rows: Awaited<ReturnType<typeof fileStage>>['rows'],
  select: (among?: KeyCondition) => string,
) {
  const [whole = {}] = await rows(select());
  const sums: Record<string, number> = {};
  for (const part of PARTS) {
    const [row = {}] = await rows(select(part));
    for (const name of Object.keys(row)) sums[name] = (sums[name] ?? 0) + number(row, name);
  }
  return { whole, sums };
}

test('a comparison part by part finds what one of all keys does, in the same order and the same pages', async () => {
  const { destination, rows } = await fileStage();
  const ids = [...Array.from({ length: 60 }, (_, index) => `item ${index}`), `b'`, 'c"', 'd\\', 'é', '😀', '\u{ffff}'];
  await destination.append(
    SHOP,
    ids.filter((_, index) => index % 5 !== 1).map((id) => changeRow(id)),
  );
  await using source = await destination.compare(SHOP, 'c1');
  const digest = (id: string, index: number) => (index % 5 === 2 ? digestOf('other') : (changeRow(id).digest ?? ''));
  const read = ids.flatMap((id, index) => (index % 5 === 3 ? [] : [{ key: keyOf(id), digest: digest(id, index) }]));
  await source.add(keyFile([...read, ...read.slice(0, 9)]));

  const options = { dialect: duckdb, names: NAMES, source: { comparison: 'c1' }, salt: 'salt', rows };
  const whole = sqlComparison(options);
  const byPart = sqlComparison({
    ...options,
    parts: async () => ({ parts: PARTS, published: unpublished(1) }),
  });

  for (const scope of ['both', 'source'] as const) {
    expect(await byPart.counts(scope)).toEqual(await whole.counts(scope));
    for (const limit of [1, 4, 100]) {
      const found: Finding[] = [];
      for (let page = await byPart.findings(scope, limit, null); page.length > 0; ) {
        found.push(...page);
        page = await byPart.findings(scope, limit, page.at(-1)?.key ?? null);
      }
      expect(found).toEqual(await whole.findings(scope, 1_000, null));
    }
  }
  expect((await byPart.sampleAgreeing(1_000)).toSorted()).toEqual((await whole.sampleAgreeing(1_000)).toSorted());
  expect(new Set(await byPart.sampleAgreeing(12)).size).toBe(12);
});

test('counts of the parts add up to those of all keys', async () => {
  const { destination, rows } = await fileStage();
  const id = snapshotId();
  const scanned = Array.from({ length: 50 }, (_, index) => scannedRow(`item ${index}`));
  const after = publishedOver(await makeScan(destination, scanned, { floor: null }));
  await destination.createLoad(SHOP, id);
  await destination.loadSnapshot(SHOP, id, 'chunk', rowFile([...scanned, ...scanned.slice(0, 5)]));
  await destination.append(
    SHOP,
    Array.from({ length: 40 }, (_, index) => changeRow(`item ${index + 25}`)),
  );
  for (const select of [
    (among?: KeyCondition) => stateCount(duckdb, NAMES, unpublished(1), among),
    (among?: KeyCondition) => loadCount(duckdb, id, among),
    (among?: KeyCondition) => stateDifference(duckdb, NAMES, unpublished(1), after, among),
  ]) {
    const { whole, sums } = await wholeAndSums(rows, select);
    expect(sums).toEqual(whole);
  }
});

test('a part is taken where the changelog is scanned: finding its newest changes takes the memory of a part', async () => {
  const { destination, rows } = await fileStage();
  // Of an empty table it would plan nothing.
  await destination.append(SHOP, [changeRow('a')]);
  const [part] = PARTS;

  const [row = {}] = await rows(`EXPLAIN ${stateCount(duckdb, NAMES, unpublished(1), part)}`);

  const plan = text(row, 'explain_value');
  expect(plan).toContain('arg_max');
  expect(plan.split('arg_max').at(-1)).toContain('hash(key) BETWEEN');
});

test('small tables are one part, and large ones as many as their rows ask for, all tables together', async () => {
  const { file } = await fileStage();
  const partsOf = (tables: readonly string[]) => file.use((session) => keyParts(session, tables.map(rowCount)));
  await file.use((session) =>
    session.run(
      'CREATE TABLE big AS SELECT range FROM range(600000)',
      'CREATE TABLE huge AS SELECT range FROM range(17000000)',
    ),
  );

  expect(await partsOf([NAMES.changelog])).toEqual([undefined]);
  expect(await partsOf(['big'])).toHaveLength(3);
  expect(await partsOf(['big', 'big'])).toHaveLength(5);
  expect(await partsOf(['huge'])).toHaveLength(64);
});

test('a statement that reads items has a few small parts, or else large ones', async () => {
  const { file } = await fileStage();
  const partsOf = (rows: number) => file.use((session) => itemParts(session, [`SELECT ${rows}`]));

  expect(await partsOf(250_000)).toEqual([undefined]);
  expect(await partsOf(600_000)).toHaveLength(3);
  expect(await partsOf(8_000_000)).toHaveLength(8);
  expect(await partsOf(11_000_000)).toHaveLength(11);
});

test('what a state reads asks for parts, and the history before its tail does not', async () => {
  const { destination, file, rows } = await fileStage();
  const published = publishedOver(
    await makeScan(destination, [scannedRow('a'), scannedRow('b')], { from: CHANGED_AT }),
  );
  await destination.append(SHOP, [changeRow('a')]);
  const countRows = async () =>
    number(
      (
        await rows(
          `SELECT ${rowCountsOfState(SHOP, published)
            .map((count) => `(${count})`)
            .join(' + ')} AS rows`,
        )
      )[0] ?? {},
      'rows',
    );
  expect(await countRows()).toBe(3);

  await file.use((session) => session.run(`UPDATE "${NAMES.changelog}" SET ingested_at = TIMESTAMP '2001-01-01'`));
  expect(await countRows()).toBe(2);
});

test('each row of a table is in one of the parts as they lie in it', async () => {
  const { file, rows } = await fileStage();
  for (const count of [0, 1, 10 * GROUP_ROWS, 10 * GROUP_ROWS + 1, 300_000]) {
    await file.use((session) => session.run(`CREATE OR REPLACE TABLE loaded AS FROM range(${count})`));
    const parts = await file.use((session) => rowParts(session, 'loaded'));
    const conditions = parts.map((part) => `CAST(${part('key')} AS INT)`).join(' + ');
    expect(await rows(`SELECT COUNT(*) AS rows FROM loaded WHERE ${conditions} = 1`)).toEqual([{ rows: count }]);
  }
});

test('a statement that needs more memory than the first limit gets more, and one that fails otherwise fails at once', async () => {
  const { file } = await fileStage();
  const setting = "SELECT current_setting('threads') AS setting";

  await file.use(async (session) => {
    const [before] = await session.rows(setting);
    const large = "SELECT LENGTH(STRING_AGG(REPEAT('x', 1000), '')) AS characters FROM range(60000)";
    await expect(session.withinMemory('32MB', () => session.rows(large))).rejects.toThrow('Out of Memory');
    // The limit ends with the work.
    expect(await session.rows(large)).toHaveLength(1);

    expect(await boundedRows(session, large)).toEqual([{ characters: 60_000_000 }]);
    await expect(boundedRows(session, 'SELECT absent FROM range(1)')).rejects.toThrow('absent');
    expect(await session.rows(setting)).toEqual([before]);
  });
});

test('the first write after a large load leaves the load’s row groups as they are', async () => {
  const { destination, place } = await fileStage();
  const id = snapshotId();
  await destination.createLoad(SHOP, id);
  for (const chunk of [0, 1, 2]) {
    const rows = Array.from({ length: 10_000 }, (_, index) => scannedRow(`${chunk} ${index}`));
    await destination.loadSnapshot(SHOP, id, `chunk-${chunk}`, rowFile(rows));
  }
  await destination[Symbol.asyncDispose]();

  await using other = await place.open();
  const groups = async () => {
    const table = duckdb.text(duckdb.table(loadName(id)));
    return (await other.query(`SELECT COUNT(DISTINCT row_group_id) FROM pragma_storage_info(${table})`)).rows[0]?.[0];
  };
  expect(await groups()).toBe(3);
  for (const n of [1, 2]) {
    await other.append(SHOP, [changeRow('a', { sequenceNumber: `${n}` })]);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  expect(await groups()).toBe(3);
  expect(await other.countLoad(SHOP, id)).toEqual({ rows: 30_000, keys: 30_000 });
});

test('counts by parts are the counts of the whole: a load, the latest view, a difference and a comparison', async () => {
  const { destination, file } = await fileStage();
  const items = 140_000;
  const fill = (n: number, first: number) =>
    file.use((session) =>
      session.run(
        `INSERT INTO ${duckdb.table(loadName(snapshotId(n)))} ` +
          `SELECT '["' || range || '"]', '{}', md5(range::VARCHAR) FROM range(${first}, ${first + items})`,
      ),
    );
  for (const n of [1, 2]) await destination.createLoad(SHOP, snapshotId(n));
  await fill(1, 0);
  await fill(1, items - 5);
  await fill(2, 2);
  expect(await destination.countLoad(SHOP, snapshotId(1))).toEqual({ rows: 2 * items, keys: 2 * items - 5 });

  const from = await destination.readingFrom(SHOP, CHANGED_AT);
  const first = await destination.makeSnapshot(SHOP, factsOf({ snapshotId: snapshotId(1), from }), true);
  const second = await destination.makeSnapshot(SHOP, factsOf({ snapshotId: snapshotId(2), from }), false);
  await publishMade(destination, second);

  expect([first.itemCount, second.itemCount]).toEqual([2 * items - 5, items]);
  expect(await destination.countLatest(SHOP)).toBe(items);
  expect(await destination.compareStates(SHOP, publishedOver(first), publishedOver(second))).toEqual({
    ...{ added: 0, removed: items - 5, different: 0, unchanged: items },
  });
  const comparison = destination.compareSnapshot(SHOP, snapshotId(1));
  expect(await comparison.counts('both')).toEqual({ source: 2 * items - 5, latest: items, differing: items - 5 });
  expect(await comparison.findings('both', 3, '["139995"]')).toEqual(
    [140002, 140003, 140004].map((n) => expect.objectContaining({ key: `["${n}"]` })),
  );
});
