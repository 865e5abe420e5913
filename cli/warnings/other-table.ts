import type { Clock } from '../../src/clock.ts';
import { refuseOtherSource } from '../../src/destination/source-conflict.ts';
import { isKind, TailraceError } from '../../src/errors.ts';
import type { SourceTable } from '../../src/source/source-table.ts';
import type { Connection } from '../dependencies.ts';

/** A server on this machine answers within milliseconds. */
const PATIENCE_MS = 2_000;

/**
 * Why a table, as a server on this machine has it now, isn't the one that is kept; `undefined` if it is, or if the server
 * doesn't answer: who looks at the destination alone need not have it running.
 */
export async function findOtherTable(
  kept: SourceTable,
  { tables }: Pick<Connection, 'tables'>,
  clock: Pick<Clock, 'sleep'>,
): Promise<TailraceError | undefined> {
  const answered = new AbortController();
  const late = clock.sleep(PATIENCE_MS, answered.signal).then(() => null);
  try {
    const described = await Promise.race([tables.describe(kept.name), late]);
    if (described !== null) refuseOtherSource(described.table, kept);
    return undefined;
  } catch (error) {
    if (isKind(error, 'destination-conflict')) return error;
    if (error instanceof TailraceError) return undefined;
    throw error;
  } finally {
    answered.abort();
  }
}
