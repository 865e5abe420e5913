import { objectNames } from '../../names/object-names.ts';
import type { Published } from '../../snapshot/published.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { tailCount } from '../../views/counts.ts';
import { duckdb, inSlice } from '../../views/duckdb.ts';
import type { KeyCondition } from '../../views/key-condition.ts';
import { number, type SqlRow } from '../sql-row.ts';
import { boundedRows } from './bounded-rows.ts';
import type { Database } from './database-file.ts';
import { GROUP_ROWS } from './open-instance.ts';
import type { Session } from './session.ts';
import { readPublished } from './state-view.ts';

/** Rows, of all tables together, that a statement can join or rank in its memory. */
const ROWS_PER_PART = 250_000;

/** Each part reads all keys, which takes most of the time with more parts. Beyond, memory grows instead. */
const MAX_PARTS = 64;

/** Parts that each hold the file for a moment only; see {@link itemParts}. */
const FEW_PARTS = 8;

/** Rows of which a statement finds the newest within the memory of a compaction. */
const ROWS_OF_LARGE_PART = 1_000_000;

/** Rows whose items a statement reads and types in less than a second, in whole groups of rows. */
const ROWS_LOADED_PER_PART = 10 * GROUP_ROWS;

/**
 * Divides the keys of what a statement reads into parts, each key in one, so that the statement over a part needs the same
 * memory for tables of any size. `undefined` is the part with all keys.
 *
 * @param counts SELECTs that count its rows: see {@link rowCount} and {@link rowCountsOfState}.
 */
export async function keyParts(
  session: Session,
  counts: readonly string[],
): Promise<readonly (KeyCondition | undefined)[]> {
  return partsOf(Math.min(MAX_PARTS, Math.ceil((await sumOf(session, counts)) / ROWS_PER_PART)));
}

/**
 * As {@link keyParts}, for a statement that reads the items of its part: those of one part lie everywhere, so each part reads
 * nearly all of them. Beyond a few parts it is better that they grow, as far as memory allows.
 */
export async function itemParts(
  session: Session,
  counts: readonly string[],
): Promise<readonly (KeyCondition | undefined)[]> {
  const rows = await sumOf(session, counts);
  return partsOf(Math.max(Math.min(FEW_PARTS, Math.ceil(rows / ROWS_PER_PART)), Math.ceil(rows / ROWS_OF_LARGE_PART)));
}

/**
 * Divides the rows of a table into parts as they lie in it, so that no row is read for more than one of them.
 *
 * @param table One of which no row is ever deleted: rows keep their numbers.
 */
export async function rowParts(session: Session, table: string): Promise<readonly KeyCondition[]> {
  const parts = Math.max(1, Math.ceil((await sumOf(session, [rowCount(table)])) / ROWS_LOADED_PER_PART));
  return Array.from({ length: parts }, (_, part) => () => {
    const first = part * ROWS_LOADED_PER_PART;
    return `rowid BETWEEN ${first} AND ${first + ROWS_LOADED_PER_PART - 1}`;
  });
}

/** A SELECT that counts the rows of a table. */
export function rowCount(table: string): string {
  return `SELECT COUNT(*) FROM ${duckdb.table(table)}`;
}

/** SELECTs that count the rows which a state reads: not the history before its tail. */
export function rowCountsOfState(table: SourceTable, published: Published): readonly string[] {
  const names = objectNames(table.name);
  const { snapshotId } = published;
  return [tailCount(duckdb, names, published), ...(snapshotId === null ? [] : [rowCount(names.snapshot(snapshotId))])];
}

/** As {@link rowCountsOfState}, of what is published. */
export async function rowCountsOfLatest(session: Session, table: SourceTable): Promise<readonly string[]> {
  const published = await readPublished(session, table);
  return published === undefined ? [rowCount(objectNames(table.name).changelog)] : rowCountsOfState(table, published);
}

function partsOf(of: number): readonly (KeyCondition | undefined)[] {
  return of <= 1 ? [undefined] : Array.from({ length: of }, (_, index) => inSlice({ index, of }));
}

async function sumOf(session: Session, counts: readonly string[]): Promise<number> {
  const [row = {}] = await session.rows(`SELECT ${counts.map((count) => `(${count})`).join(' + ')} AS rows`);
  return number(row, 'rows');
}

/**
 * Counts over whole tables, part by part of their keys: sums the counts of a statement over each part. Other processes
 * may use the file in between.
 *
 * @param counts As for {@link keyParts}.
 * @param select Makes the statement, which gives one row of counts of the keys in a part.
 */
export async function sumOfParts(
  file: Database,
  counts: (session: Session) => Promise<readonly string[]>,
  select: (among: KeyCondition | undefined) => string,
): Promise<SqlRow> {
  const sums: Record<string, number> = {};
  for (const among of await file.use(async (session) => keyParts(session, await counts(session)))) {
    const [row = {}] = await file.use((session) => boundedRows(session, select(among)));
    for (const column of Object.keys(row)) sums[column] = (sums[column] ?? 0) + number(row, column);
  }
  return sums;
}
