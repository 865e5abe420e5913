import { objectNames } from '../../names/object-names.ts';
import type { Published } from '../../snapshot/published.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { duckdb } from '../../views/duckdb.ts';
import type { CompactionEstimate } from '../snapshot-store.ts';
import { number, optionalTime } from '../sql-row.ts';
import { Catalog } from './catalog.ts';
import { rowCountsOfState } from './key-parts.ts';
import { millisecondsOf, tick } from './logical-clock.ts';
import type { Session } from './session.ts';
import { keptSinceIn } from './setup.ts';

/**
 * Implements `SnapshotStore.readingFrom`: the least of the floor, of the file's clock now, and of the oldest stamp of a row
 * that is there already and counts by its time. The file's clock and DynamoDB's needn't agree.
 *
 * @param now Milliseconds since the epoch.
 */
export async function readingFrom(session: Session, table: SourceTable, floor: number, now: number): Promise<number> {
  const oldest = await oldestStamp(session, table, floor);
  const from = Math.min(floor, await foldFrom(session, now), oldest ?? floor);
  // Rows from before aren't there.
  return Math.max(from, keptSinceIn(await Catalog.read(session), table));
}

/**
 * The oldest stamp of the rows of changes since a time, both in milliseconds since the epoch; `null` if there is none. The
 * file's clock may be any time behind DynamoDB's.
 */
export async function oldestStamp(session: Session, table: SourceTable, changedSince: number): Promise<number | null> {
  const q = duckdb.identifier;
  const [row = {}] = await session.rows(
    `SELECT MIN(${q('ingested_at')}) AS ${q('oldest')} FROM ${duckdb.table(objectNames(table.name).changelog)} ` +
      `WHERE ${q('changed_at')} >= ${duckdb.timestamp(changedSince)}`,
  );
  return optionalTime(row, 'oldest');
}

/** Implements `SnapshotStore.foldFrom`: whatever is appended later has a later stamp of the same clock. */
export async function foldFrom(session: Session, now: number): Promise<number> {
  return millisecondsOf(await session.transaction(() => tick(session, now)));
}

/** Implements `SnapshotStore.estimateFold`: a file costs nothing to read. */
export async function estimateFold(session: Session, table: SourceTable, base: Published): Promise<CompactionEstimate> {
  const [tail = '', snapshot = 'SELECT 0'] = rowCountsOfState(table, base);
  const [row = {}] = await session.rows(`SELECT (${tail}) AS tail, (${snapshot}) AS snapshot`);
  const counts = { tailRows: number(row, 'tail'), snapshotRows: number(row, 'snapshot') };
  return { bill: { isFree: true, rows: null }, ...counts };
}
