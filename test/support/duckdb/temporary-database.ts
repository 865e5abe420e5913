import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../../src/clock.ts';
import type { Destination } from '../../../src/destination/destination.ts';
import { DuckDbDestination } from '../../../src/destination/duckdb/duckdb-destination.ts';
import { systemRandom } from '../../../src/random.ts';
import { duckdb } from '../../../src/views/duckdb.ts';
import type { TemporaryDestination } from '../stages/temporary-destination.ts';

/** A DuckDB file for one test. */
export interface TemporaryDatabase extends TemporaryDestination {
  readonly directory: string;
  readonly file: string;
  /** @param clock The destination's. */
  open(clock?: Clock): Promise<Destination>;
  /** Runs statements through a connection that isn't Tailrace's. No handle may be open. */
  run(...statements: readonly string[]): Promise<void>;
}

/** A file that doesn't exist yet, in its own directory. */
export async function temporaryDatabase(): Promise<TemporaryDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-duckdb-'));
  const file = join(directory, 'shop.duckdb');
  const place: TemporaryDatabase = {
    directory,
    file,
    open: async (clock = systemClock) => new DuckDbDestination(file, { clock, random: systemRandom }),
    table: duckdb.table,
    async createForeignTable(name) {
      await place.run(`CREATE TABLE ${duckdb.table(name)} (x INTEGER)`);
    },
    async setComment(table, comment) {
      await using destination = await place.open();
      await destination.execute(duckdb.commentOnTable(table, comment));
    },
    async run(...statements) {
      const { DuckDBInstance } = await import('@duckdb/node-api');
      const instance = await DuckDBInstance.create(file);
      const connection = await instance.connect();
      try {
        for (const statement of statements) await connection.run(statement);
      } finally {
        connection.closeSync();
        instance.closeSync();
      }
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
  return place;
}
