import type { Session } from './session.ts';

/**
 * Does some work with DuckDB held to so much memory: what is over it goes to disk. Without, it takes most of the
 * machine's memory before it puts anything aside.
 *
 * @param limit As DuckDB spells it, such as `256MB`.
 */
export async function withinMemory<T>(session: Session, limit: string, work: () => Promise<T>): Promise<T> {
  await session.run(`SET memory_limit = '${limit}'`);
  try {
    return await work();
  } finally {
    await session.run('RESET memory_limit');
  }
}
