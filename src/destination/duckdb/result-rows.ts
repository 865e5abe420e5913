import type { DuckDBResult } from '@duckdb/node-api';
import type { SqlValue } from '../destination.ts';
import { sqlValue } from './sql-value.ts';

/** All rows of a result, their values as {@link sqlValue} gives them. */
export async function resultRows(result: DuckDBResult): Promise<readonly (readonly SqlValue[])[]> {
  // The result's own types: those of its chunks don't say which text is JSON.
  const types = result.columnTypes();
  const rows = await result.getRows();
  return rows.map((row) =>
    types.map((type, index) => {
      const value = row[index];
      return value === undefined ? null : sqlValue(value, type);
    }),
  );
}
