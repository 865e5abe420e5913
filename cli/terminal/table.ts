import Table from 'cli-table3';
import type { SqlResult, SqlValue } from '../../src/destination/destination.ts';
import { oneLine } from './format.ts';
import type { Output } from './output.ts';
import { recordOf } from './records.ts';
import { cutMiddle, textWidth } from './text-width.ts';

/** A table is laid out as a whole, in memory: this bounds its length. */
const MAX_ROWS = 1_000;

/** The fewest columns to which JSON is cut: fewer would show nothing of it. */
const LEAST_JSON = 20;

/** What the frame of a table takes: a line and two spaces for each column, and a line at the end. */
const frameOf = (columns: number) => 3 * columns + 1;

/** A result as it is shown. */
export type Layout = {
  /** Lines, in blocks that follow each other; none for a result without columns. */
  readonly blocks: readonly string[];
  /** Whether JSON was cut. */
  readonly isCut: boolean;
};

/** A result as text: a cell is one line, `NULL` for an absent value. */
type Texts = {
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Whether a column is of numbers, or has JSON. */
  readonly numeric: readonly boolean[];
  readonly json: readonly boolean[];
};

/**
 * Lays out a result for a person: as tables of at most a thousand rows each, or, where a terminal is too narrow for them,
 * as records with a line for each value. On a terminal, JSON that doesn't fit is cut in its middle.
 *
 * @param width Columns of the terminal; `null` if there is none: then nothing is cut.
 */
export function layOut({ columns, rows }: SqlResult, width: number | null): Layout {
  if (columns.length === 0) return { blocks: [], isCut: false };
  const every = (test: (value: SqlValue) => boolean) =>
    columns.map((_, index) => rows.every((row) => test(row[index] ?? null)));
  const texts: Texts = {
    names: columns.map(oneLine),
    rows: rows.map((row) => row.map(cell)),
    numeric: every((value) => value === null || typeof value === 'number').map((all) => all && rows.length > 0),
    json: every((value) => !isJson(value)).map((none) => !none),
  };
  if (width === null) return { blocks: tablesOf(texts), isCut: false };
  const widths = fittingWidths(texts, width);
  if (widths !== undefined) {
    const cut = cutJson(texts, (index) => widths[index] ?? width);
    const blocks = tablesOf(cut);
    // The library measures some characters otherwise than we do.
    if (blocks.every((block) => block.indexOf('\n') <= width)) return { blocks, isCut: isCutIn(texts, cut) };
  }
  const records = texts.rows.map((row, index) => recordOf(texts.names, row, texts.json, index + 1, width));
  return { blocks: records.map(({ text }) => text), isCut: records.some(({ isCut }) => isCut) };
}

/**
 * Prints a result for a person.
 *
 * @param whole The options that give what is cut.
 */
export function printResult(
  result: SqlResult,
  output: Pick<Output, 'print' | 'note' | 'width'>,
  whole = '--json',
): void {
  const { blocks, isCut } = layOut(result, output.width);
  for (const block of blocks) output.print(block);
  if (isCut) output.note(`JSON is cut where … stands, to fit the terminal: ${whole} gives all of it.`);
}

/** As {@link printResult}, for a list: nothing where there is nothing to list. */
export function printRows(list: SqlResult, output: Pick<Output, 'print' | 'note' | 'width'>): void {
  if (list.rows.length > 0) printResult(list, output);
}

/** Names and their values, aligned, without borders. */
export function listOf(entries: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

/** The width of each column in a table that fits, with JSON as wide as that allows; `undefined` if none fits. */
function fittingWidths({ names, rows, json }: Texts, width: number): readonly number[] | undefined {
  const heads = names.map(textWidth);
  const natural = heads.map((head, index) =>
    rows.reduce((most, row) => Math.max(most, widthOf(row[index], width)), head),
  );
  const widthsAt = (limit: number) =>
    natural.map((most, index) => (json[index] ? Math.min(most, Math.max(limit, heads[index] ?? 0)) : most));
  const fits = (widths: readonly number[]) => widths.reduce((sum, one) => sum + one, frameOf(names.length)) <= width;
  if (!fits(widthsAt(LEAST_JSON))) return undefined;
  let limit = LEAST_JSON;
  while (limit < width && fits(widthsAt(limit + 1))) limit++;
  return widthsAt(limit);
}

/** The width of a text. Of one that is far too wide, an estimate is enough. */
function widthOf(text: string | undefined, width: number): number {
  if (text === undefined) return 0;
  return text.length > 100 * width ? text.length : textWidth(text);
}

function cutJson(texts: Texts, widthOf: (index: number) => number): Texts {
  const cut = (text: string, index: number) => (texts.json[index] ? cutMiddle(text, widthOf(index)) : text);
  return { ...texts, rows: texts.rows.map((row) => row.map(cut)) };
}

function isCutIn({ rows }: Texts, cut: Texts): boolean {
  return rows.some((row, index) => row.some((text, column) => text !== cut.rows[index]?.[column]));
}

function tablesOf({ names, rows, numeric }: Texts): readonly string[] {
  const starts = Array.from({ length: Math.max(1, Math.ceil(rows.length / MAX_ROWS)) }, (_, index) => index * MAX_ROWS);
  return starts.map((start) => {
    const table = new Table({
      head: [...names],
      // The library's own colours would end up in files and pipes.
      style: { head: [], border: [], compact: true },
      colAligns: numeric.map((isNumeric) => (isNumeric ? 'right' : 'left')),
    });
    for (const row of rows.slice(start, start + MAX_ROWS)) table.push([...row]);
    return table.toString();
  });
}

function isJson(value: SqlValue): boolean {
  return typeof value === 'object' && value !== null;
}

function cell(value: SqlValue): string {
  if (value === null) return 'NULL';
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value));
}
