import { SNAPSHOT_COLUMNS } from '../../snapshot/columns.ts';
import { duckdb } from '../../views/duckdb.ts';
import { FIELD_END, type RowFile } from '../row-file.ts';

/** An item of 400 KB whose characters are all escaped in JSON has 2.4 MB; twice as much is no item's. */
const MAX_LINE_BYTES = 5 * 1024 * 1024;

/**
 * Statement that appends a file's rows to a snapshot's table. All are in, or none: a statement is a transaction.
 *
 * DuckDB reads the file by itself, beside this process's own thread, and in a third of the time that it takes to hand rows
 * over one by one.
 */
export function loadStatement(table: string, { path }: RowFile): string {
  const values = SNAPSHOT_COLUMNS.map(({ name, type }) => {
    const field = duckdb.identifier(name);
    return type === 'TIMESTAMP' ? `epoch_ms(${field}::BIGINT)` : field;
  });
  const fields = SNAPSHOT_COLUMNS.map(({ name }) => `${duckdb.text(name)}: 'VARCHAR'`);
  return `\
INSERT INTO ${duckdb.table(table)}
SELECT ${values.join(', ')}
FROM read_csv(
  ${duckdb.text(path)},
  columns = {${fields.join(', ')}},
  delim = ${duckdb.text(FIELD_END)},
  quote = '',
  escape = '',
  header = false,
  auto_detect = false,
  max_line_size = ${MAX_LINE_BYTES},
  buffer_size = ${MAX_LINE_BYTES}
)`;
}
