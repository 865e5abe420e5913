import { duckdb } from './duckdb.ts';
import { type ExportedColumn, type ExportedType, isNested } from './exported-type.ts';
import { cellText, jsonText, objectText, parquetValue } from './exported-value.ts';

/** The form of an export's file. */
export type ExportForm =
  | {
      readonly name: 'csv';
      /** What stands for NULL; empty text and text that equals it are in quotes. */
      readonly nullText: string;
      /** Whether no cell shall be a formula where a spreadsheet opens the file. */
      readonly spreadsheetSafe: boolean;
    }
  | { readonly name: 'ndjson' }
  | {
      readonly name: 'parquet';
      /** How lists and structs are written: as such, or as the JSON text that CSV has. Bytes in them are base64 there. */
      readonly nested: 'typed' | 'text';
    };

/** Rows of a part of a Parquet file have so many bytes at most, about: they are in memory together. */
const PARQUET_GROUP = '32MB';

/**
 * DuckDB's statement that writes rows into a file.
 *
 * @param select Gives the columns, by their names and of their types.
 */
export function copyStatement(
  select: string,
  columns: readonly ExportedColumn[],
  form: ExportForm,
  path: string,
): string {
  const copy = (selected: readonly string[], options: readonly string[]) =>
    [
      `COPY (`,
      `SELECT ${selected.join(', ')}`,
      `FROM (${select}) AS exported`,
      `) TO ${duckdb.text(path)} (${[...options, 'USE_TMP_FILE false'].join(', ')})`,
    ].join('\n');
  const named = (of: (expression: string, type: ExportedType) => string) =>
    columns.map(({ name, type }) => `${of(source(name), type)} AS ${duckdb.identifier(name)}`);
  switch (form.name) {
    case 'csv':
      return copy(
        named((expression, type) => csvCell(expression, type, form.spreadsheetSafe)),
        csvOptions(columns, form.nullText),
      );
    case 'ndjson': {
      const line = objectText(columns.map(({ name, type }) => ({ name, json: jsonText(source(name), type) })));
      // Without quotes and escapes a line of CSV is its text.
      return copy([line], [`FORMAT csv`, `HEADER false`, `QUOTE ''`, `ESCAPE ''`]);
    }
    case 'parquet': {
      const value = (expression: string, type: ExportedType) =>
        form.nested === 'text' && isNested(type) ? cellText(expression, type) : parquetValue(expression, type);
      return copy(named(value), [
        'FORMAT parquet',
        'COMPRESSION zstd',
        `ROW_GROUP_SIZE_BYTES ${duckdb.text(PARQUET_GROUP)}`,
      ]);
    }
  }
}

function source(name: string): string {
  return `exported.${duckdb.identifier(name)}`;
}

/** What a spreadsheet takes for a formula. A negative number is none, whatever its column's type. */
const FORMULA = '^[=+@\\t\\r-]';
const NEGATIVE = '^-[0-9]+([.][0-9]+)?$';

function csvCell(expression: string, type: ExportedType, spreadsheetSafe: boolean): string {
  const text = cellText(expression, type);
  if (!spreadsheetSafe || !isFreeText(type)) return text;
  const isFormula = `${duckdb.matches(text, FORMULA)} AND NOT ${duckdb.matches(text, NEGATIVE)}`;
  return `CASE WHEN ${isFormula} THEN '''' || ${text} ELSE ${text} END`;
}

function csvOptions(columns: readonly ExportedColumn[], nullText: string): readonly string[] {
  const quoted = columns.filter(({ type }) => isFreeText(type)).map(({ name }) => duckdb.identifier(name));
  return [
    'FORMAT csv',
    'HEADER true',
    // A literal that DuckDB itself reads: a backslash and a letter each.
    `NEW_LINE '\\r\\n'`,
    `NULLSTR ${duckdb.text(nullText)}`,
    ...(quoted.length === 0 ? [] : [`FORCE_QUOTE (${quoted.join(', ')})`]),
  ];
}

/** Whether a cell holds what a user has written, and not only digits and marks of one form. */
function isFreeText(type: ExportedType): boolean {
  return isNested(type) || type.scalar === 'STRING' || type.scalar === 'JSON';
}
