import { keyDigestOf } from '../../../src/destination/sql-row.ts';
import { objectNames } from '../../../src/names/object-names.ts';
import { duckdb } from '../../../src/views/duckdb.ts';
import type { MemoryDatabase } from './memory-database.ts';
import { TABLE } from './table.ts';

/** The digests of the items that the latest view shows, by key. */
export async function latestDigests(database: MemoryDatabase): Promise<ReadonlyMap<string, string>> {
  const { latest } = objectNames(TABLE.name);
  const rows = await database.use((session) => session.rows(`SELECT key, digest FROM ${duckdb.table(latest)}`));
  return new Map(rows.map(keyDigestOf).map(({ key, digest }) => [key, digest]));
}
