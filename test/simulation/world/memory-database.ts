import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Database } from '../../../src/destination/duckdb/database-file.ts';
import { statementFailure } from '../../../src/destination/duckdb/duckdb-error.ts';
import type { Session } from '../../../src/destination/duckdb/session.ts';
import { QuickSession } from './quick-session.ts';
import type { Scheduler } from './scheduler.ts';

/** An engine in memory, in which each history has its own empty database. */
export class Engine implements Disposable {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  #histories = 0;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async start(): Promise<Engine> {
    // With so few rows, a second thread would only wait for the first.
    const instance = await DuckDBInstance.create(':memory:', { threads: '1', autoinstall_known_extensions: 'false' });
    return new Engine(instance, await instance.connect());
  }

  /** Gives `work` an empty database, and drops it afterwards. */
  async withDatabase<T>(scheduler: Scheduler, work: (database: MemoryDatabase) => Promise<T>): Promise<T> {
    const name = `history_${this.#histories++}`;
    await this.#connection.run(`ATTACH ':memory:' AS ${name}; USE ${name}`);
    const database = new MemoryDatabase(scheduler, this.#connection, this.#instance);
    try {
      return await work(database);
    } finally {
      // Work in it ends, and none begins after the history.
      await database.close();
      await this.#connection.run(`USE memory; DETACH ${name}`);
    }
  }

  [Symbol.dispose](): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/** A database whose users take turns, with time standing still. */
export class MemoryDatabase implements Database {
  readonly #scheduler: Scheduler;
  readonly #session: QuickSession;
  #isClosed = false;

  constructor(scheduler: Scheduler, connection: DuckDBConnection, instance: DuckDBInstance) {
    this.#scheduler = scheduler;
    this.#session = new QuickSession(connection, instance);
  }

  use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    if (this.#isClosed) return new Promise(() => {});
    return this.#scheduler.work(async () => {
      try {
        return await work(this.#session);
      } catch (error) {
        throw statementFailure(error, 'memory');
      }
    });
  }

  /** The last stamp of the file's clock, in milliseconds since the epoch and parts of them. */
  get lastStamp(): number {
    return this.#session.lastStamp;
  }

  async release(): Promise<void> {}

  /** Lets the requested turns end. A turn that is requested from then on never comes. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.#scheduler.work(async () => {});
  }
}
