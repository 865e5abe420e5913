import type { SqlRow } from '../sql-row.ts';
import { classOf } from './duckdb-error.ts';
import type { Session } from './session.ts';
import { withinMemory } from './within-memory.ts';

/** The first is enough for a million items or two, the second for ten times as many. */
const FIRST_LIMIT = '64MB';
const SECOND_LIMIT = '512MB';

/** Runs a SELECT over whole tables, in as little memory as they allow. */
export async function frugalRows(session: Session, select: string): Promise<readonly SqlRow[]> {
  const within = (limit: string) => withinMemory(session, limit, () => session.rows(select));
  // Each thread needs memory of its own, and more of them make this no faster.
  await session.run('SET threads = 1');
  try {
    return await within(FIRST_LIMIT)
      .catch((error: unknown) => (isOutOfMemory(error) ? within(SECOND_LIMIT) : Promise.reject(error)))
      .catch((error: unknown) => (isOutOfMemory(error) ? session.rows(select) : Promise.reject(error)));
  } finally {
    await session.run('RESET threads');
  }
}

function isOutOfMemory(error: unknown): boolean {
  return classOf(error) === 'Out of Memory Error';
}
