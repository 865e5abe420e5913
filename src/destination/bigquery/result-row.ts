import type { SqlResult, SqlValue } from '../destination.ts';

/** One row of a query's result, by column. */
export type ResultRow = Readonly<Record<string, SqlValue>>;

export function resultRows({ columns, rows }: SqlResult): readonly ResultRow[] {
  return rows.map((values) => Object.fromEntries(columns.map((column, index) => [column, values[index] ?? null])));
}

/** A column that is never NULL. The readers below throw `TypeError` for a column that isn't what its statement makes it. */
export function text(row: ResultRow, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw new TypeError(`Column ${column} is not text`);
}

export function optionalText(row: ResultRow, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

export function number(row: ResultRow, column: string): number {
  const value = row[column];
  if (typeof value === 'number') return value;
  throw new TypeError(`Column ${column} is not a number`);
}

export function optionalNumber(row: ResultRow, column: string): number | null {
  return row[column] === null ? null : number(row, column);
}

/** Milliseconds since the epoch. */
export function time(row: ResultRow, column: string): number {
  return Date.parse(text(row, column));
}

export function optionalTime(row: ResultRow, column: string): number | null {
  return row[column] === null ? null : time(row, column);
}
