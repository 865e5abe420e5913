import type { SchemaType } from '../schema/column-type.ts';

/**
 * What a typed view's column is here. DuckDB's decimals end at 38 digits in all, which is half of a BIGNUMERIC: that one
 * is its exact text.
 */
export const DUCKDB_TYPES: Readonly<Record<SchemaType, string>> = {
  STRING: 'VARCHAR',
  INT64: 'BIGINT',
  FLOAT64: 'DOUBLE',
  NUMERIC: 'DECIMAL(38,9)',
  BIGNUMERIC: 'VARCHAR',
  BOOL: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMP',
  DATE: 'DATE',
  DATETIME: 'TIMESTAMP',
  TIME: 'TIME',
  BYTES: 'BLOB',
  JSON: 'JSON',
};
