import type { DuckDBConnection } from '@duckdb/node-api';
import { openInstance } from '../src/destination/duckdb/open-instance.ts';
import { objectNames } from '../src/names/object-names.ts';
import type { SchemaType } from '../src/schema/column-type.ts';
import { typedColumn } from '../src/schema/typed-column.ts';
import { duckdb } from '../src/views/duckdb.ts';
import { COLUMNS, FLOOR, FOLD_AT, QUERIED, SCAN, TABLE, withDestination } from './dashboard-scene.ts';

/**
 * Bytes that BigQuery would bill for the grouped query, by the columns and partitions that it reads: of each table 10 MB at
 * least. Source: <https://cloud.google.com/bigquery/pricing#on-demand-compute-pricing>
 */
export type BilledBytes = {
  readonly plain: number;
  readonly before: number;
  /** After compaction, with the changelog partitioned by days or by hours. */
  readonly afterByDay: number;
  readonly afterByHour: number;
  /** The view of commit 4bb89be. */
  readonly old: number;
};

type Sized = { readonly name: string; readonly type: SchemaType };

const LEAST_OF_A_TABLE = 10 * 1024 * 1024;

/** A compaction's `from` in BigQuery is so much earlier than its fold: rows are stamped before they are visible. */
const MARGIN_MS = 2 * 60 * 60_000;

const text = (name: string): Sized => ({ name, type: 'STRING' });
const KEY = text('key');
const POSITION = text('position');
const REMOVED: Sized = { name: 'removed', type: 'BOOL' };
const ITEM: Sized = { name: 'item', type: 'JSON' };

/** What a view reads of the changelog. */
const CHANGE: readonly Sized[] = [
  KEY,
  POSITION,
  text('operation'),
  text('digest'),
  { name: 'new_image', type: 'JSON' },
  { name: 'changed_at', type: 'TIMESTAMP' },
  { name: 'ingested_at', type: 'TIMESTAMP' },
  { name: 'generation', type: 'INT64' },
];

const TYPED = COLUMNS.filter(({ name }) => QUERIED.includes(name));

/**
 * Reckons the bytes out of the rows of a scene, after its compaction and with its tail.
 *
 * @param plain The file with the plain table.
 */
export async function billedBytes(scene: string, plain: string): Promise<BilledBytes> {
  const names = objectNames(TABLE.name);
  const compaction = (await withDestination(scene, FOLD_AT, (destination) => destination.published(TABLE)))?.snapshotId;
  const stored = TYPED.map((column) => ({ name: typedColumn(column).name, type: column.type }));
  return reading(scene, async (connection) => {
    const scan = (columns: readonly Sized[]) => bytes(connection, names.snapshot(SCAN), columns);
    const compacted = await bytes(connection, names.snapshot(compaction ?? ''), [...stored, KEY, POSITION, REMOVED]);
    const changes = (since: number, unit: 'day' | 'hour') =>
      bytes(connection, names.changelog, CHANGE, `ingested_at >= date_trunc('${unit}', ${duckdb.timestamp(since)})`);
    return {
      plain: await reading(plain, (other) => bytes(other, TABLE.name, TYPED)),
      before: (await scan([...stored, KEY, REMOVED])) + (await changes(FLOOR, 'day')),
      afterByDay: compacted + (await changes(FOLD_AT - MARGIN_MS, 'day')),
      afterByHour: compacted + (await changes(FOLD_AT - MARGIN_MS, 'hour')),
      old: (await scan([KEY, ITEM, text('digest'), POSITION, REMOVED])) + (await changes(FLOOR, 'day')),
    };
  });
}

async function reading<T>(path: string, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const opened = await openInstance(path, false, 'read');
  if (!('instance' in opened)) throw new Error(`${path} is in use`);
  try {
    return await work(opened.connection);
  } finally {
    opened.connection.closeSync();
    opened.instance.closeSync();
  }
}

/** What a table's columns are billed at. */
async function bytes(connection: DuckDBConnection, table: string, columns: readonly Sized[], where = 'TRUE') {
  const sizes = columns.map(({ name, type }) => `sum(${size(duckdb.identifier(name), type)})`);
  const rows = await connection.runAndReadAll(
    `SELECT (${sizes.join(' + ')})::DOUBLE FROM ${duckdb.table(table)} WHERE ${where}`,
  );
  return Math.max(LEAST_OF_A_TABLE, Number(rows.getRows()[0]?.[0] ?? 0));
}

/** Source: <https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#data_type_sizes>; NULL has none. */
function size(column: string, type: SchemaType): string {
  const bytesOf: Readonly<Record<SchemaType, string>> = {
    STRING: `2 + strlen(${column})`,
    JSON: `strlen(CAST(${column} AS VARCHAR))`,
    INT64: '8',
    FLOAT64: '8',
    NUMERIC: '16',
    BIGNUMERIC: '32',
    BOOL: '1',
    TIMESTAMP: '8',
    DATE: '8',
    DATETIME: '8',
    TIME: '8',
    BYTES: `2 + octet_length(${column})`,
  };
  return `CASE WHEN ${column} IS NULL THEN 0 ELSE ${bytesOf[type]} END`;
}
