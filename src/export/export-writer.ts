import type { DuckDBConnection } from '@duckdb/node-api';
import type { ExportedColumn } from '../views/exported-type.ts';

/** A value as BigQuery's API gives it: every scalar is text. */
export type Cell = string | null | readonly Cell[] | { readonly [name: string]: Cell };

/** A row's cells, in the order of the columns. */
export type CellRow = readonly Cell[];

/** How far an export is. */
export type ExportProgress = {
  /** Rows that were received; `null` where they aren't counted on their way. */
  readonly rows: number | null;
  /** Bytes of the file. */
  readonly bytes: number;
  /** Share that is done, in [0, 1]; `null` if it can't be told. */
  readonly fraction: number | null;
};

/**
 * Writes the rows of one export into a file that nobody else sees yet. A destination calls one of its methods, once, and
 * gives what it has: a DuckDB file its connection, a warehouse pages of cells. The file is then the same for both.
 *
 * When a method resolves, the file is whole. When it rejects, it may hold anything. Nothing of a row is in the message.
 *
 * @throws {TailraceError} `export-failed` if the file can't be written, `interrupted` if the export was stopped. What the
 *   source of the rows throws is passed on.
 */
export interface ExportWriter {
  /**
   * @param connection Its settings are changed: no other work may follow on its instance.
   * @param select Gives the columns in their order, of their types.
   * @returns the number of rows.
   */
  writeSelect(connection: DuckDBConnection, select: string, columns: readonly ExportedColumn[]): Promise<number>;

  /**
   * @param total How many rows there will be; `null` if that isn't known.
   * @returns the number of rows.
   */
  writeCells(
    columns: readonly ExportedColumn[],
    pages: AsyncIterable<readonly CellRow[]>,
    total: number | null,
  ): Promise<number>;
}
