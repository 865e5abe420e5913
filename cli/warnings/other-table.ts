import type { Clock } from '../../src/clock.ts';
import { refuseOtherSource } from '../../src/destination/source-conflict.ts';
import { isKind, TailraceError } from '../../src/errors.ts';
import type { SourceTable } from '../../src/source/source-table.ts';
import type { Connection } from '../dependencies.ts';

/** A server on this machine answers within milliseconds. */
const TIMEOUT_MS = 2_000;

/**
 * Finds why the table on a local server isn't the table that a destination holds; `undefined` if they are the same, or if
 * the server doesn't answer: it need not run for a look at the destination.
 */
export async function findOtherTable(
  stored: SourceTable,
  { tables }: Pick<Connection, 'tables'>,
  clock: Pick<Clock, 'sleep'>,
): Promise<TailraceError | undefined> {
  const answered = new AbortController();
  const late = clock.sleep(TIMEOUT_MS, answered.signal).then(() => null);
  try {
    const described = await Promise.race([tables.describe(stored.name), late]);
    if (described !== null) refuseOtherSource(described.table, stored);
    return undefined;
  } catch (error) {
    if (isKind(error, 'destination-conflict')) return error;
    if (error instanceof TailraceError) return undefined;
    throw error;
  } finally {
    answered.abort();
  }
}
