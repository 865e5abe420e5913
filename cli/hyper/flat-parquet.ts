import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { TailraceError } from '../../src/errors.ts';
import { describeParquet, flattenParquet, isUnflat, type ParquetColumn } from '../../src/views/parquet.ts';

/** A Parquet file whose columns are all flat. */
export type FlatParquet = {
  readonly path: string;
  /** Columns that were lists, records or of rare types, and are text or decimals now. */
  readonly flattened: readonly string[];
};

/**
 * Gives a Parquet file without lists and records: itself, or a copy in `folder`, which takes as much disk again.
 *
 * @throws {TailraceError} `usage-invalid` if it can't be read as Parquet, `destination-unavailable` if it can't be copied.
 */
export async function flatParquet(path: string, folder: string): Promise<FlatParquet> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    temp_directory: join(folder, 'spill'),
  });
  try {
    const connection = await instance.connect();
    try {
      return await flatten(connection, path, folder);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

async function flatten(connection: DuckDBConnection, path: string, folder: string): Promise<FlatParquet> {
  const columns = await columnsOf(connection, path);
  const unflat = columns.filter(isUnflat);
  if (unflat.length === 0) return { path, flattened: [] };
  const target = join(folder, 'flat.parquet');
  try {
    await connection.run(flattenParquet(path, target, columns));
  } catch (cause) {
    throw new TailraceError('destination-unavailable', `${path} could not be copied without its lists and records`, {
      context: { path },
      remedy: 'Free disk space and memory, and run it again; --debug shows the cause.',
      cause,
    });
  }
  return { path: target, flattened: unflat.map(({ name }) => name) };
}

async function columnsOf(connection: DuckDBConnection, path: string): Promise<readonly ParquetColumn[]> {
  try {
    const described = await connection.runAndReadAll(describeParquet(path));
    return described
      .getRowObjects()
      .map((row) => ({ name: String(row['column_name']), type: String(row['column_type']) }));
  } catch (cause) {
    throw new TailraceError('usage-invalid', `${path} can't be read as a Parquet file`, {
      context: { path },
      remedy: 'Name a Parquet file that exists and is whole.',
      cause,
    });
  }
}
