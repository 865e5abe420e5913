import { objectNames } from '../../names/object-names.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { duckdb, inSlice } from '../../views/duckdb.ts';
import type { KeyCondition } from '../../views/key-condition.ts';
import { number, type SqlRow } from '../sql-row.ts';
import { boundedRows } from './bounded-rows.ts';
import type { Database } from './database-file.ts';
import { readPublished } from './publish.ts';
import type { Session } from './session.ts';

/** Rows of all tables that a statement joins or ranks at once: what fits into the memory that it is given. */
const ROWS_PER_PART = 250_000;

/** Each part reads all keys. With more of them that would be what takes the time; memory grows from there on. */
const MAX_PARTS = 64;

/**
 * Parts of the keys of some tables, each key in one of them: so many that a statement over one needs no more memory,
 * however large the tables are. `undefined` is the part of all keys.
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
 * Counts over whole tables, part by part of their keys: the sums of what a statement counts of each. Others may have the
 * file in between.
 *
 * @param tables Those that the statement reads.
 * @param select Gives one row of counts, of the keys of which a condition holds.
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
