import type { KeyDigest } from '../snapshot/row.ts';
import type { SampledItem } from './item-sampler.ts';
import type { SqlResult, SqlValue } from './sql-runner.ts';

/** A row of a result of Tailrace's own statements, by column names. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** A result's rows, by column names. */
export function sqlRows({ columns, rows }: SqlResult): readonly SqlRow[] {
  return rows.map((values) => Object.fromEntries(columns.map((column, index) => [column, values[index] ?? null])));
}

/** The text of a column. */
export function text(row: SqlRow, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : unexpected(column, 'text');
}

export function optionalText(row: SqlRow, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

/** The number of a column. */
export function number(row: SqlRow, column: string): number {
  const value = row[column];
  return typeof value === 'number' ? value : unexpected(column, 'a number');
}

export function optionalNumber(row: SqlRow, column: string): number | null {
  return row[column] === null ? null : number(row, column);
}

/** Milliseconds since the epoch of a TIMESTAMP column. */
export function time(row: SqlRow, column: string): number {
  const ms = Date.parse(text(row, column));
  return Number.isNaN(ms) ? unexpected(column, 'a time') : ms;
}

export function optionalTime(row: SqlRow, column: string): number | null {
  return row[column] === null ? null : time(row, column);
}

/** The columns `key` and `digest`. */
export function keyDigestOf(row: SqlRow): KeyDigest {
  return { key: text(row, 'key'), digest: text(row, 'digest') };
}

/** The columns `key` and `item`, the JSON as its text. */
export function sampledItemOf(row: SqlRow): SampledItem {
  return { key: text(row, 'key'), item: text(row, 'item') };
}

/** Only a statement that asks for another column can end here. */
function unexpected(column: string, expected: string): never {
  throw new TypeError(`Column ${column} of the result is not ${expected}`);
}
