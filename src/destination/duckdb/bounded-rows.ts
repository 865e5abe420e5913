import type { SqlRow } from '../sql-row.ts';
import { classOf } from './duckdb-error.ts';
import type { Session } from './session.ts';
import { withinMemory } from './within-memory.ts';

/** Enough for one part of the keys; and where it isn't, because items are large or keys are many, what is tried next. */
const LIMITS = ['32MB', '64MB', '512MB'];

/** Runs a SELECT over whole tables, in as little memory as they allow. */
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
        return await withinMemory(session, limit, () => session.rows(select, parameters));
      } catch (error) {
        if (classOf(error) !== 'Out of Memory Error') throw error;
      }
    }
    return await session.rows(select, parameters);
  } finally {
    await session.run('RESET threads');
  }
}
