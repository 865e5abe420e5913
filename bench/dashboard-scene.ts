import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../src/clock.ts';
import { DuckDbDestination } from '../src/destination/duckdb/duckdb-destination.ts';
import { openInstance } from '../src/destination/duckdb/open-instance.ts';
import { loadName, objectNames } from '../src/names/object-names.ts';
import { systemRandom } from '../src/random.ts';
import { readSchema } from '../src/schema/read-schema.ts';
import { publishedOver, type SnapshotFacts } from '../src/snapshot/ledger.ts';
import type { SourceTable } from '../src/source/source-table.ts';
import { duckdb } from '../src/views/duckdb.ts';

const ARN = 'arn:aws:dynamodb:eu-central-1:000000000000:table/Orders';

export const TABLE: SourceTable = { name: 'Orders', arn: ARN, tableId: 'bench' };

/** The scan that the views of 4bb89be stand on, and its floor: they are literals in their text. */
export const SCAN = '20260101t000000z0000';
const SCAN_AT = Date.parse('2026-01-01T00:00:00Z');
export const FLOOR = SCAN_AT - 5 * 60_000;

/** When the compaction folds. The history is the hundred days before. */
export const FOLD_AT = Date.parse('2026-06-01T06:00:00Z');
export const HISTORY_DAYS = 100;

const DAY_MS = 24 * 60 * 60_000;

/** Changes have numbers from here on; those below are of changes that were replayed late. */
const FIRST_CHANGE = 1_000_000_000;

/** Rows of a tail for each replay of an old change among them. Replays make a query compare positions. */
const REPLAYED = 100;

const ITEMS_SQL = join(import.meta.dirname, 'dashboard-items.sql');
const OLD_VIEWS_SQL = join(import.meta.dirname, 'views-of-4bb89be.sql');

export const { columns: COLUMNS } = readSchema(
  JSON.stringify({
    columns: [
      { name: 'status', type: 'STRING' },
      { name: 'total', type: 'NUMERIC' },
      { name: 'city', type: 'STRING', path: ['address', 'city'] },
      { name: 'quantity', type: 'INT64' },
      { name: 'created_at', type: 'TIMESTAMP' },
      { name: 'gift', type: 'BOOL' },
      { name: 'weight', type: 'FLOAT64' },
    ],
  }),
  'the schema of the benchmark',
);

/** The columns that the queries read. */
export const QUERIED: readonly string[] = ['city', 'status', 'total'];

/** How much a table holds, and how much has happened to it. */
export type Size = {
  readonly items: number;
  /** Changes, as a multiple of the items. */
  readonly history: number;
};

/** Makes a file with a scan of `items` orders, a typed view of seven columns, and a history, none of which is folded. */
export async function makeScene(path: string, { items, history }: Size): Promise<void> {
  await withDestination(path, SCAN_AT - DAY_MS, async (destination) => {
    await destination.prepare(TABLE, 1);
    await destination.applyViews(TABLE, [{ name: TABLE.name, columns: COLUMNS }]);
    await destination.createLoad(TABLE, SCAN);
  });
  // A scan gives the items in the order of their keys' hashes.
  await runSql(
    path,
    `INSERT INTO ${duckdb.table(loadName(SCAN))} (key, item, digest)
     SELECT order_key(n), item, md5(item)
     FROM (SELECT n, order_item(n, 0) AS item FROM (SELECT i * 7919 % ${items} AS n FROM range(${items}) AS numbers(i)))`,
  );
  await withDestination(path, SCAN_AT, async (destination) => {
    const facts: SnapshotFacts = {
      tableName: TABLE.name,
      tableArn: TABLE.arn,
      tableId: TABLE.tableId,
      snapshotId: SCAN,
      kind: 'scan',
      streamArn: `${ARN}/stream/2025-12-01T00:00:00.000`,
      startedAt: SCAN_AT,
      floor: FLOOR,
      from: FLOOR,
      reading: SCAN,
      folded: null,
      generation: 1,
      baseSnapshotId: null,
      itemCount: null,
    };
    const startedFrom = await destination.published(TABLE);
    if (startedFrom === undefined) throw new Error('The scene has no state');
    const made = await destination.makeSnapshot(TABLE, facts, false);
    await destination.publish(TABLE, { next: publishedOver(made), startedFrom, by: 'reading' });
  });
  const spans = Array.from({ length: history }, (_, index) => ({ first: index * items, changes: items }));
  // Without a history there is a small one all the same: positions are compared only with those of a compaction.
  if (history === 0) spans.push({ first: 0, changes: tailOf(items) });
  const total = Math.max(history * items, tailOf(items));
  for (const { first, changes } of spans) {
    const every = (HISTORY_DAYS * DAY_MS) / total;
    const from = FOLD_AT - HISTORY_DAYS * DAY_MS + first * every;
    await runSql(path, changesSql(items, { first: FIRST_CHANGE + first, changes, from, every, replayed: false }));
  }
}

/** Adds the tail that has come since the compaction, as fast as the history came: one change to a hundred items. */
export async function addTail(path: string, { items, history }: Size): Promise<void> {
  const changes = tailOf(items);
  const every = (HISTORY_DAYS * DAY_MS) / Math.max(history * items, HISTORY_DAYS * changes);
  const first = FIRST_CHANGE + Math.max(history, 1) * items;
  await runSql(path, changesSql(items, { first, changes, from: FOLD_AT + 1_000, every, replayed: true }));
}

/** Adds the views as they were at commit 4bb89be, over the same tables. */
export async function addOldViews(path: string): Promise<void> {
  await runSql(path, await readFile(OLD_VIEWS_SQL, 'utf8'));
}

/** Makes a file with what the typed view shows now as a plain table of its name. */
export async function makePlain(path: string, scene: string): Promise<void> {
  await runSql(
    path,
    `ATTACH ${duckdb.text(scene)} AS scene (READ_ONLY); CREATE TABLE "Orders" AS FROM scene."Orders"`,
    true,
  );
}

/** Runs statements on a file, which may use the macros of dashboard-items.sql. */
export async function runSql(path: string, statements: string, create = false): Promise<void> {
  const opened = await openInstance(path, create, 'write');
  if (!('instance' in opened)) throw new Error(`${path} is in use`);
  const { instance, connection } = opened;
  try {
    await connection.run(await readFile(ITEMS_SQL, 'utf8'));
    await connection.run(statements);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Does some work on a file as a destination whose clock stands still. */
export async function withDestination<T>(
  path: string,
  now: number,
  work: (destination: DuckDbDestination) => Promise<T>,
): Promise<T> {
  const clock = { ...systemClock, now: () => now };
  await using destination = new DuckDbDestination(path, { clock, random: systemRandom });
  return await work(destination);
}

function tailOf(items: number): number {
  return Math.ceil(items / 100);
}

type Changes = {
  /** Number of the first. */
  readonly first: number;
  readonly changes: number;
  /** Time of the first, in milliseconds since the epoch, and milliseconds between two. */
  readonly from: number;
  readonly every: number;
  /** Whether some of them are replayed, and older than all others. */
  readonly replayed: boolean;
};

/** INSERT of changes to items drawn by chance, one in fifty of them a REMOVE. */
function changesSql(items: number, { first, changes, from, every, replayed }: Changes): string {
  const number = replayed ? `CASE WHEN i % ${REPLAYED} = 0 THEN i ELSE n END` : 'n';
  return `
INSERT INTO ${duckdb.table(objectNames(TABLE.name).changelog)}
  (key, operation, position, sequence_number, event_id, changed_at, ingested_at, new_image, digest, expired, origin, generation)
SELECT order_key(item), CASE WHEN removed THEN 'REMOVE' ELSE 'MODIFY' END, position_of(number),
  100000000000000000000::HUGEINT + number, md5(concat(n)), changed, changed + INTERVAL 1 SECOND,
  image, md5(image), FALSE, 'stream', 1
FROM (
  SELECT *, CASE WHEN NOT removed THEN order_item(item, 1 + n % 97) END AS image
  FROM (
    SELECT i, n, ${number} AS number, pick(n, 21, ${items}) AS item, pick(n, 22, 50) = 0 AS removed,
      make_timestamp_ms((${from} + i * ${every})::BIGINT) AS changed
    FROM (SELECT i, i + ${first} AS n FROM range(${changes}) AS numbers(i))
  )
)`;
}
