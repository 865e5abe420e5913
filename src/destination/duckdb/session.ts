import {
  type DuckDBConnection,
  type DuckDBInstance,
  type DuckDBValue,
  LIST,
  listValue,
  VARCHAR,
} from '@duckdb/node-api';
import type { Column } from '../../column.ts';
import { duckdb } from '../../views/duckdb.ts';
import { type SqlRow, text } from '../sql-row.ts';
import { appendRows } from './append-rows.ts';
import { useCatalog } from './file-catalog.ts';
import { resultRows } from './result-rows.ts';

/** The memory limit that each instance was opened with. Read again later it would be rounded down, each time. */
const MEMORY_LIMITS = new WeakMap<DuckDBInstance, string>();

/** One turn with an open DuckDB file. */
export class Session {
  readonly #connection: DuckDBConnection;
  readonly #instance: DuckDBInstance;
  #isInTransaction = false;

  constructor(connection: DuckDBConnection, instance: DuckDBInstance) {
    this.#connection = connection;
    this.#instance = instance;
  }

  /**
   * Runs `work` while DuckDB has a memory limit, and writes what is beyond it to disk. Without a limit DuckDB first takes most
   * of the machine's memory.
   *
   * @param limit As DuckDB spells it, such as `256MB`.
   */
  async withinMemory<T>(limit: string, work: () => Promise<T>): Promise<T> {
    const usual = MEMORY_LIMITS.get(this.#instance) ?? (await this.#memoryLimit());
    MEMORY_LIMITS.set(this.#instance, usual);
    await this.run(`SET memory_limit = '${limit}'`);
    try {
      return await work();
    } finally {
      // After RESET, DuckDB 1.5 reports the usual limit and still keeps to the small one.
      await this.run(`SET memory_limit = '${usual}'`);
    }
  }

  async #memoryLimit(): Promise<string> {
    const [row = {}] = await this.rows(`SELECT current_setting('memory_limit') AS ${duckdb.identifier('limit')}`);
    return text(row, 'limit');
  }

  /** Runs statements up to the first that fails, in one call: each call takes a detour through another thread. */
  async run(...statements: readonly string[]): Promise<void> {
    await this.#connection.run(statements.join(';\n'));
  }

  /** Runs a SELECT. Parameters are arrays of strings. */
  async rows(select: string, parameters: Readonly<Record<string, readonly string[]>> = {}): Promise<readonly SqlRow[]> {
    const names = Object.keys(parameters);
    const values: Record<string, DuckDBValue> = {};
    for (const name of names) values[name] = listValue([...(parameters[name] ?? [])]);
    const types = Object.fromEntries(names.map((name) => [name, LIST(VARCHAR)]));
    // A statement without parameters is not prepared first, which saves a call.
    const result = await (names.length === 0
      ? this.#connection.run(select)
      : this.#connection.run(select, values, types));
    const columns = result.columnNames();
    return resultRows(result).map((row) =>
      Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null])),
    );
  }

  /** Appends rows within the open transaction, or else in one of their own: all of them, or none if it rejects. */
  async append<Row>(table: string, columns: readonly Column<Row>[], rows: readonly Row[]): Promise<void> {
    const append = () => appendRows(this.#connection, table, columns, rows);
    await (this.#isInTransaction ? append() : this.transaction(append));
  }

  /** Runs `work` in a transaction, which is rolled back if it rejects. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.#connection.run('BEGIN');
    this.#isInTransaction = true;
    let result: T;
    try {
      result = await work();
    } catch (error) {
      await this.#connection.run('ROLLBACK');
      throw error;
    } finally {
      this.#isInTransaction = false;
    }
    // If this fails, DuckDB has rolled back by itself.
    await this.#connection.run('COMMIT');
    return result;
  }

  /** Runs `work` in a transaction that is always rolled back. */
  async dryRun<T>(work: () => Promise<T>): Promise<T> {
    await this.#connection.run('BEGIN');
    try {
      return await work();
    } finally {
      await this.#connection.run('ROLLBACK');
    }
  }

  /** Runs `work` on a connection of its own, whose settings and open transactions end with it. */
  async withConnection<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.#instance.connect();
    try {
      const [row = {}] = await this.rows('SELECT current_database() AS name');
      await connection.run(useCatalog(text(row, 'name')));
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  }
}
