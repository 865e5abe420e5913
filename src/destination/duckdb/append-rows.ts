import {
  BIGINT,
  BOOLEAN,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
  TIMESTAMP,
  VARCHAR,
} from '@duckdb/node-api';
import type { Column, ColumnType } from '../../column.ts';

/** DuckDB's own vector size: a chunk has no more rows. */
const CHUNK_ROWS = 2048;

/** How values of a column are given to DuckDB. JSON is given as its text, byte for byte. */
const ENCODINGS: Readonly<Record<ColumnType, { readonly type: DuckDBType; encode(value: unknown): DuckDBValue }>> = {
  STRING: { type: VARCHAR, encode: text },
  JSON: { type: VARCHAR, encode: text },
  BOOL: { type: BOOLEAN, encode: (value) => (typeof value === 'boolean' ? value : null) },
  INT64: { type: BIGINT, encode: (value) => (typeof value === 'number' ? BigInt(value) : null) },
  TIMESTAMP: {
    type: TIMESTAMP,
    encode(value) {
      if (typeof value === 'bigint') return new DuckDBTimestampValue(value);
      return typeof value === 'number' ? new DuckDBTimestampValue(BigInt(Math.round(value)) * 1000n) : null;
    },
  },
};

/** Appends rows to a table whose columns are `columns`, within the open transaction. */
export async function appendRows<Row>(
  connection: DuckDBConnection,
  table: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Promise<void> {
  const encodings = columns.map(({ field, type }) => ({ field, ...ENCODINGS[type] }));
  const types = encodings.map(({ type }) => type);
  const appender = await connection.createAppender(table);
  try {
    for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
      const part = rows.slice(start, start + CHUNK_ROWS);
      const chunk = DuckDBDataChunk.create(types, part.length);
      chunk.setColumns(encodings.map(({ field, encode }) => part.map((row) => encode(row[field]))));
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
  } catch (error) {
    // Not closed: that would write once more, fail once more, and hide this error.
    appender.clear();
    throw error;
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
