import type { DuckDBMaterializedResult, DuckDBValue } from '@duckdb/node-api';
import type { SqlValue } from '../destination.ts';
import { sqlValue } from './sql-value.ts';

/** All rows of a result, their values as {@link sqlValue} gives them. */
export function resultRows(result: DuckDBMaterializedResult): readonly (readonly SqlValue[])[] {
  // The result's own types: those of its chunks don't say which text is JSON.
  const types = result.columnTypes();
  const rows: DuckDBValue[][] = [];
  // They are here already: asking for them one after the other would take longer than most statements.
  for (let index = 0; index < result.chunkCount; index++) result.getChunk(index).appendToRows(rows);
  return rows.map((row) =>
    types.map((type, index) => {
      const value = row[index];
      return value === undefined ? null : sqlValue(value, type);
    }),
  );
}
