import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll } from 'vitest';
import type { Clock } from '../../../src/clock.ts';
import type { Database } from '../../../src/destination/duckdb/database-file.ts';
import { DuckDbDestination } from '../../../src/destination/duckdb/duckdb-destination.ts';
import { statementFailure } from '../../../src/destination/duckdb/duckdb-error.ts';
import { Session } from '../../../src/destination/duckdb/session.ts';
import { systemRandom } from '../../../src/random.ts';

/** Destinations in memory for the tests of a file, which use one at a time. */
export interface InMemoryDuckDb {
  /** An empty one. The one before is dropped. */
  next(): Promise<DuckDbDestination>;
}

/** Starts the engine before the tests, and ends it after them. */
export function inMemoryDuckDb(clock: Clock): InMemoryDuckDb {
  const closing = new DisposableStack();
  let engine: { readonly instance: DuckDBInstance; readonly connection: DuckDBConnection } | undefined;
  let count = 0;
  beforeAll(async () => {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1', autoinstall_known_extensions: 'false' });
    closing.defer(() => instance.closeSync());
    const connection = await instance.connect();
    closing.defer(() => connection.closeSync());
    engine = { instance, connection };
  });
  afterAll(() => closing.dispose());
  return {
    async next() {
      if (engine === undefined) throw new Error('The engine runs only from the first test on');
      const { instance, connection } = engine;
      const before = `database_${count++}`;
      await connection.run(
        `ATTACH ':memory:' AS database_${count}; USE database_${count}; DETACH DATABASE IF EXISTS ${before}`,
      );
      const session = new Session(connection, instance);
      const database: Database = {
        use: (work) =>
          work(session).catch((error: unknown) => {
            throw statementFailure(error, 'memory');
          }),
        release: async () => {},
      };
      return new DuckDbDestination('memory', { clock, random: systemRandom }, database);
    },
  };
}
