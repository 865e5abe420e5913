import { openInstance } from '../src/destination/duckdb/open-instance.ts';
import { duckdb } from '../src/views/duckdb.ts';

/** What one would write by hand: DuckDB's own COPY of a plain table, with the options that it has by itself. */
const [path = '', table = '', format = '', file = ''] = process.argv.slice(2);

const OPTIONS: Readonly<Record<string, string>> = {
  csv: 'FORMAT csv',
  ndjson: 'FORMAT json',
  parquet: 'FORMAT parquet, COMPRESSION zstd',
};

const opened = await openInstance(path, false, 'read');
if (!('instance' in opened)) throw new Error(`${path} is in use`);
await opened.connection.run(`COPY ${duckdb.table(table)} TO ${duckdb.text(file)} (${OPTIONS[format]})`);
opened.connection.closeSync();
opened.instance.closeSync();
