import { type RowFile, rowsOf } from '../row-file.ts';
import type { Database } from './database-file.ts';
import { loadStatement } from './load-statement.ts';

/** Less is handed over row by row in the time that DuckDB takes to begin with a file. */
const BULK_ROWS = 1_000;
const BULK_BYTES = 512 * 1024;

/** Appends a file's rows to a table: all of them, or none if it rejects. */
export async function loadRows<Row>(file: Database, table: string, rows: RowFile<Row>): Promise<void> {
  if (rows.rows >= BULK_ROWS || rows.bytes >= BULK_BYTES) {
    await file.use((session) => session.run(loadStatement(table, rows)), { bulkBytes: rows.bytes });
  } else if (rows.rows > 0) {
    await file.use((session) => session.append(table, rows.form.columns, [...rowsOf(rows)]));
  }
}
