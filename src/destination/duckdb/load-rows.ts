import { resolve } from 'node:path';
import { duckdb } from '../../views/duckdb.ts';
import { FIELD_END, type RowFile, rowsOf } from '../row-file.ts';
import type { Database } from './database-file.ts';

/** Fewer rows, of fewer bytes, are appended one by one in the time that DuckDB needs to open a file. */
const BULK_ROWS = 1_000;
const BULK_BYTES = 512 * 1024;

/**
 * Bytes that DuckDB reads of a file at a time. It buffers several times as much, so this is no more than lines need; a
 * line may lie across two reads.
 */
const MIN_BUFFER_BYTES = 512 * 1024;

/** Appends a file's rows to a table: all of them, or none if it rejects. */
export async function loadRows<Row>(file: Database, table: string, rows: RowFile<Row>): Promise<void> {
  if (rows.rows >= BULK_ROWS || rows.bytes >= BULK_BYTES) {
    await file.use((session) => session.run(loadStatement(table, rows)), { bulkBytes: rows.bytes });
  } else if (rows.rows > 0) {
    await file.use((session) => session.append(table, rows.form.columns, [...rowsOf(rows)]));
  }
}

/**
 * The statement that appends a file's rows to a table: all of them or none, since a statement is a transaction.
 *
 * DuckDB reads the file on threads of its own, in a third of the time that appending rows one by one takes.
 */
function loadStatement<Row>(table: string, { path, form: { columns }, longest }: RowFile<Row>): string {
  const buffer = Math.max(MIN_BUFFER_BYTES, 2 * longest);
  const values = columns.map(({ name, type }) => {
    const field = duckdb.identifier(name);
    return type === 'TIMESTAMP' ? `epoch_ms(${field}::BIGINT)` : field;
  });
  const fields = columns.map(({ name }) => `${duckdb.text(name)}: 'VARCHAR'`);
  return `\
INSERT INTO ${duckdb.table(table)}
SELECT ${values.join(', ')}
FROM read_csv(
  ${duckdb.text(exactly(path))},
  hive_partitioning = false,
  columns = {${fields.join(', ')}},
  delim = ${duckdb.text(FIELD_END)},
  quote = '',
  escape = '',
  header = false,
  auto_detect = false,
  max_line_size = ${buffer},
  buffer_size = ${buffer}
)`;
}

/** The path as a pattern that matches only this file: DuckDB takes patterns, and expands a home directory. */
function exactly(path: string): string {
  return resolve(path).replaceAll(/[*?[]/g, '[$&]');
}
