import { classOf } from '../../duckdb-message.ts';
import type { SqlRow } from '../sql-row.ts';
import type { Session } from './session.ts';

/** The first is enough for one part of the keys; the others are for large items and for many keys. */
const LIMITS = ['32MB', '64MB', '512MB'];

/** Runs a SELECT over whole tables within the least of the limits that is enough for it, or else without one. */
export async function boundedRows(
  session: Session,
  select: string,
  parameters?: Readonly<Record<string, readonly string[]>>,
): Promise<readonly SqlRow[]> {
  // Each thread needs memory of its own, and more of them make this no faster.
  await session.run('SET threads = 1');
  try {
    for (const limit of LIMITS) {
      try {
        return await session.withinMemory(limit, () => session.rows(select, parameters));
      } catch (error) {
        if (classOf(error) !== 'Out of Memory Error') throw error;
      }
    }
    return await session.rows(select, parameters);
  } finally {
    await session.run('RESET threads');
  }
}
