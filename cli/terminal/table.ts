import Table from 'cli-table3';
import type { SqlResult, SqlValue } from '../../src/destination/destination.ts';
import { oneLine } from './format.ts';
import type { Output } from './output.ts';

/** A table is laid out as a whole, in memory: this bounds its length. */
const MAX_ROWS = 1_000;

/**
 * A query's result for a person, as tables with lines of at most a thousand rows each; none if it has no columns.
 *
 * Absent values show as `NULL`, JSON as its text.
 */
export function* tablesOf({ columns, rows }: SqlResult): Generator<string> {
  if (columns.length === 0) return;
  for (let from = 0; from === 0 || from < rows.length; from += MAX_ROWS) {
    yield tableOf({ columns, rows: rows.slice(from, from + MAX_ROWS) });
  }
}

/** Prints a list for a person as a table; nothing where there is nothing to list. */
export function printRows(list: SqlResult, output: Pick<Output, 'print'>): void {
  if (list.rows.length > 0) for (const table of tablesOf(list)) output.print(table);
}

/** Names and their values, aligned, without borders. */
export function listOf(entries: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

function tableOf({ columns, rows }: SqlResult): string {
  const table = new Table({
    head: columns.map(oneLine),
    // The library's own colours would end up in files and pipes.
    style: { head: [], border: [], compact: true },
    colAligns: columns.map((_, index) => (isNumeric(rows, index) ? 'right' : 'left')),
  });
  for (const row of rows) table.push(row.map(cell));
  return table.toString();
}

function isNumeric(rows: SqlResult['rows'], index: number): boolean {
  return rows.length > 0 && rows.every((row) => row[index] === null || typeof row[index] === 'number');
}

function cell(value: SqlValue): string {
  if (value === null) return 'NULL';
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value));
}
