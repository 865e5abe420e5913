import { objectNames } from '../../names/object-names.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { duckdb, inSlice } from '../../views/duckdb.ts';
import type { KeyCondition } from '../../views/key-condition.ts';
import { number, type SqlRow } from '../sql-row.ts';
import { boundedRows } from './bounded-rows.ts';
import type { Database } from './database-file.ts';
import { readPublished } from './publish.ts';
import type { Session } from './session.ts';

/** Rows, of all tables together, that a statement can join or rank in its memory. */
const ROWS_PER_PART = 250_000;

/** Each part reads all keys, which takes most of the time with more parts. Beyond, memory grows instead. */
const MAX_PARTS = 64;

/**
 * Divides the keys of some tables into parts, each key in one, so that a statement over a part needs the same memory for
 * tables of any size. `undefined` is the part with all keys.
 */
export async function keyParts(
  session: Session,
  tables: readonly string[],
): Promise<readonly (KeyCondition | undefined)[]> {
  const counts = tables.map((table) => `(SELECT COUNT(*) FROM ${duckdb.table(table)})`);
  const [row = {}] = await session.rows(`SELECT ${counts.join(' + ')} AS rows`);
  const of = Math.min(MAX_PARTS, Math.ceil(number(row, 'rows') / ROWS_PER_PART));
  return of <= 1 ? [undefined] : Array.from({ length: of }, (_, index) => inSlice({ index, of }));
}

/** The tables that the latest view of `table` reads. */
export async function tablesOfLatest(session: Session, table: SourceTable): Promise<readonly string[]> {
  const names = objectNames(table.name);
  const id = (await readPublished(session, table))?.snapshotId ?? null;
  return [names.changelog, ...(id === null ? [] : [names.snapshot(id)])];
}

/**
 * Counts over whole tables, part by part of their keys: sums the counts of a statement over each part. Other processes
 * may use the file in between.
 *
 * @param tables The tables that the statement reads.
 * @param select Makes the statement, which gives one row of counts of the keys in a part.
 */
export async function sumOfParts(
  file: Database,
  tables: (session: Session) => Promise<readonly string[]>,
  select: (among: KeyCondition | undefined) => string,
): Promise<SqlRow> {
  const sums: Record<string, number> = {};
  for (const among of await file.use(async (session) => keyParts(session, await tables(session)))) {
    const [row = {}] = await file.use((session) => boundedRows(session, select(among)));
    for (const column of Object.keys(row)) sums[column] = (sums[column] ?? 0) + number(row, column);
  }
  return sums;
}
