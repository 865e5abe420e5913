import { duckdb } from './duckdb.ts';

/** A column of a Parquet file, with its type in DuckDB's words. */
export type ParquetColumn = { readonly name: string; readonly type: string };

/** Lists the columns of a Parquet file: `column_name` and `column_type` of each. */
export function describeParquet(path: string): string {
  return `DESCRIBE SELECT * FROM read_parquet(${duckdb.text(path)})`;
}

/** Whether a column has no counterpart among flat columns: a list, a record, a map, or a number or an id of a rare type. */
export function isUnflat({ type }: ParquetColumn): boolean {
  return /\]$|^(?:STRUCT|MAP|UNION)\(|^(?:UUID|UBIGINT)$/.test(type);
}

/**
 * Copies a Parquet file with a flat column in place of each that {@link isUnflat}: JSON for lists, records and maps, with
 * bytes as base64.
 */
export function flattenParquet(path: string, target: string, columns: readonly ParquetColumn[]): string {
  const selected = columns.map((column) => `  ${flat(column)} AS ${duckdb.identifier(column.name)}`).join(',\n');
  return `COPY (\nSELECT\n${selected}\nFROM read_parquet(${duckdb.text(path)})\n) TO ${duckdb.text(target)} (FORMAT parquet)`;
}

function flat(column: ParquetColumn): string {
  const name = duckdb.identifier(column.name);
  if (!isUnflat(column)) return name;
  if (column.type === 'UUID') return `CAST(${name} AS VARCHAR)`;
  if (column.type === 'UBIGINT') return `CAST(${name} AS DECIMAL(20, 0))`;
  const json = column.type === 'BLOB[]' ? `list_transform(${name}, lambda element: to_base64(element))` : name;
  return `CAST(to_json(${json}) AS VARCHAR)`;
}
