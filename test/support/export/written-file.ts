import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { onTestFinished } from 'vitest';
import { FileWriter, type FileWriterOptions } from '../../../src/export/file-writer.ts';
import type { ExportForm } from '../../../src/views/copy-statement.ts';
import { hurriedClock } from '../clock/simple-clocks.ts';

export const CSV: ExportForm = { name: 'csv', nullText: '', spreadsheetSafe: false };
export const NDJSON: ExportForm = { name: 'ndjson' };
export const PARQUET: ExportForm = { name: 'parquet', nested: 'typed' };
export const FLAT_PARQUET: ExportForm = { name: 'parquet', nested: 'text' };

/** A writer of a file in a folder of the test's own. */
export async function fileWriter(form: ExportForm, options: Partial<FileWriterOptions> = {}) {
  const scratch = await mkdtemp(join(tmpdir(), 'tailrace-test-'));
  onTestFinished(() => rm(scratch, { recursive: true }));
  const path = join(scratch, 'rows');
  const writer = new FileWriter({
    path,
    shownAs: 'orders.csv',
    form,
    scratch,
    clock: hurriedClock(),
    signal: new AbortController().signal,
    onProgress: () => {},
    ...options,
  });
  return { writer, path, scratch, text: () => readFile(path, 'utf8') };
}

/** Runs work on an engine of its own, as in a user's program in another time zone. */
export async function withEngine<T>(
  work: (run: (sql: string) => Promise<readonly unknown[][]>, connection: Connection) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false', threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run(`SET TimeZone = 'Asia/Tokyo'`);
    return await work(async (sql) => (await connection.runAndReadAll(sql)).getRowsJson() as unknown[][], connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

export type Connection = Awaited<ReturnType<DuckDBInstance['connect']>>;
