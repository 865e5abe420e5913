import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Clock } from '../clock.ts';
import { classOf } from '../duckdb-message.ts';
import { TailraceError } from '../errors.ts';
import { unlessMissing } from '../file-failure.ts';
import { copyStatement, type ExportForm } from '../views/copy-statement.ts';
import { duckdb } from '../views/duckdb.ts';
import type { ExportedColumn } from '../views/exported-type.ts';
import { CellTable } from './cell-table.ts';
import { copyFailure } from './copy-failure.ts';
import type { CellRow, ExportProgress, ExportWriter } from './export-writer.ts';

/** Enough for the state of tables of any size, whose larger part then goes to the disk; and for four threads. */
const MEMORY_LIMIT = '512MB';

/** Each thread of a Parquet writer holds rows of its own. */
const MAX_THREADS = 4;

const REPORT_EVERY_MS = 200;

export type FileWriterOptions = {
  /** The file that is written. It doesn't exist. */
  readonly path: string;
  /** What a message calls it. */
  readonly shownAs: string;
  readonly form: ExportForm;
  /** An empty directory for what doesn't fit into memory. Its owner removes it. */
  readonly scratch: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  onProgress(progress: ExportProgress): void;
};

/** Writes files by DuckDB's COPY, in flat memory. */
export class FileWriter implements ExportWriter {
  readonly #options: FileWriterOptions;

  constructor(options: FileWriterOptions) {
    this.#options = options;
  }

  async writeSelect(connection: DuckDBConnection, select: string, columns: readonly ExportedColumn[]): Promise<number> {
    try {
      await connection.run(this.#settings().join(';\n'));
      const usual = await memoryLimitOf(connection);
      await connection.run(`SET memory_limit = ${duckdb.text(MEMORY_LIMIT)}`);
      return await this.#copy(connection, select, columns).catch(async (error: unknown) => {
        if (classOf(error) !== 'Out of Memory Error') throw error;
        await connection.run(`SET memory_limit = ${duckdb.text(usual)}`);
        return this.#copy(connection, select, columns);
      });
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async writeCells(
    columns: readonly ExportedColumn[],
    pages: AsyncIterable<readonly CellRow[]>,
    total: number | null,
  ): Promise<number> {
    const { scratch, signal, onProgress } = this.#options;
    using table = await CellTable.create(join(scratch, 'rows.duckdb'), columns).catch((error: unknown) => {
      throw this.#failure(error);
    });
    for await (const rows of pages) {
      try {
        signal.throwIfAborted();
        await table.append(rows);
      } catch (error) {
        throw this.#failure(error);
      }
      onProgress({ rows: table.rows, bytes: 0, fraction: total ? Math.min(1, table.rows / total) : null });
    }
    return await this.writeSelect(table.connection, table.select, columns);
  }

  #settings(): readonly string[] {
    return [
      `SET temp_directory = ${duckdb.text(join(this.#options.scratch, 'spill'))}`,
      // Otherwise a Parquet writer waits for many rows before it writes any, however large they are.
      'SET preserve_insertion_order = false',
      `SET threads = ${Math.min(MAX_THREADS, availableParallelism())}`,
      // The meaning of a TIMESTAMP, which holds UTC, must not move when it becomes an instant.
      `SET TimeZone = 'UTC'`,
      'SET enable_progress_bar = true',
      'SET enable_progress_bar_print = false',
    ];
  }

  async #copy(connection: DuckDBConnection, select: string, columns: readonly ExportedColumn[]): Promise<number> {
    const { path, form, signal } = this.#options;
    const interrupt = () => connection.interrupt();
    signal.throwIfAborted();
    signal.addEventListener('abort', interrupt, { once: true });
    const ended = new AbortController();
    const reporting = this.#report(connection, ended.signal);
    try {
      const result = await connection.runAndReadAll(copyStatement(select, columns, form, path));
      return Number(result.getRows()[0]?.[0] ?? 0);
    } finally {
      signal.removeEventListener('abort', interrupt);
      ended.abort();
      await reporting;
    }
  }

  async #report(connection: DuckDBConnection, ended: AbortSignal): Promise<void> {
    const { clock, path, onProgress } = this.#options;
    while (!ended.aborted) {
      await clock.sleep(REPORT_EVERY_MS, ended);
      if (ended.aborted) return;
      const { percentage } = connection.progress;
      const bytes = (await unlessMissing(stat(path)))?.size ?? 0;
      onProgress({ rows: null, bytes, fraction: percentage >= 0 ? percentage / 100 : null });
    }
  }

  #failure(error: unknown): unknown {
    const { signal, shownAs } = this.#options;
    if (!signal.aborted) return copyFailure(error, shownAs);
    return new TailraceError('interrupted', 'The export was interrupted', {
      remedy: 'Nothing was written: run it again.',
    });
  }
}

async function memoryLimitOf(connection: DuckDBConnection): Promise<string> {
  const result = await connection.runAndReadAll(`SELECT current_setting('memory_limit')`);
  return String(result.getRows()[0]?.[0]);
}
