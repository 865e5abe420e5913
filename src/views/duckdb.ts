import type { ColumnType } from './column.ts';
import type { Dialect } from './dialect.ts';
import { checkedName, checkedText } from './name-check.ts';
import type { TableColumn } from './table-definition.ts';

/** TIMESTAMP, not TIMESTAMPTZ: it holds UTC, and reads the same in every client whatever time zone that one is in. */
const TYPES: Readonly<Record<ColumnType, string>> = {
  STRING: 'VARCHAR',
  INT64: 'BIGINT',
  BOOL: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMP',
  JSON: 'JSON',
};

/**
 * DuckDB's dialect.
 *
 * Names never carry a catalog: DuckDB calls a file's catalog by the file's name, and a view that said so would stop
 * working once the file is renamed.
 *
 * Source: <https://duckdb.org/docs/stable/sql/dialect/keywords_and_identifiers>
 */
export const duckdb: Dialect = {
  name: 'duckdb',
  identifier,
  table: identifier,
  text,
  timestamp: (ms) => `TIMESTAMP '${new Date(ms).toISOString()}'`,
  type: (type) => TYPES[type],
  jsonText: (expression) => `CAST(${expression} AS VARCHAR)`,
  isAmong: (expression, parameter) => `${expression} IN (SELECT unnest($${parameter}))`,
  createTable: ({ name, columns, comment }) => [
    `CREATE TABLE IF NOT EXISTS ${identifier(name)} (\n${columns.map(column).join(',\n')}\n)`,
    commentOnTable(name, comment),
    ...columns.map(
      ({ name: columnName, description }) =>
        `COMMENT ON COLUMN ${identifier(name)}.${identifier(columnName)} IS ${text(description)}`,
    ),
  ],
  createView: (name, select, comment) => [
    `CREATE OR REPLACE VIEW ${identifier(name)} AS\n${select}`,
    `COMMENT ON VIEW ${identifier(name)} IS ${text(comment)}`,
  ],
  commentOnTable,
  dropTable: (name) => `DROP TABLE IF EXISTS ${identifier(name)}`,
};

function identifier(name: string): string {
  return `"${checkedName(name).replaceAll('"', '""')}"`;
}

function text(value: string): string {
  return `'${checkedText(value).replaceAll("'", "''")}'`;
}

function column({ name, type, required }: TableColumn): string {
  return `  ${identifier(name)} ${TYPES[type]}${required ? ' NOT NULL' : ''}`;
}

function commentOnTable(name: string, comment: string): string {
  return `COMMENT ON TABLE ${identifier(name)} IS ${text(comment)}`;
}
