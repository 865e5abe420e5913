import { messageOf, shownText } from '../../duckdb-message.ts';
import { TailraceError } from '../../errors.ts';
import { isSnapshotId } from '../../snapshot/snapshot-id.ts';
import { toAnotherSnapshot } from '../published-state.ts';

/** Messages of a statement and of an appender about a table or view that doesn't exist. */
const ABSENT = /^Catalog Error: Table with name "?(.+?)"? does not exist|^Table ".*\.(.+)" could not be found/;

/** Messages about the machine rather than the statement. The commit of a transaction fails only for its sake. */
const MACHINE = /^(IO|Out of Memory) Error|^TransactionContext Error: Failed to commit/;

/**
 * Names a failure of one of Tailrace's own statements.
 *
 * A missing table or view is `destination-missing`; a full disk or memory is `destination-unavailable`, which is
 * retried; anything else is `destination-invalid`: the file isn't as Tailrace made it.
 */
export function statementFailure(error: unknown, file: string): TailraceError {
  if (error instanceof TailraceError) return error;
  const text = messageOf(error);
  const absent = absentName(error);
  if (absent !== undefined) {
    return new TailraceError('destination-missing', `${absent} is not in ${file}`, {
      context: { file, object: absent },
      // Setup makes everything else again.
      ...(isOfSnapshot(absent) && { remedy: SNAPSHOT_DROPPED }),
    });
  }
  const message = `DuckDB failed in ${file}: ${shownText(error)}`;
  if (!MACHINE.test(text)) return new TailraceError('destination-invalid', message, { context: { file } });
  return new TailraceError('destination-unavailable', message, {
    context: { file },
    remedy: 'Free disk space and memory: until then nothing is acknowledged.',
  });
}

/** The way out where a snapshot is missing. */
export const SNAPSHOT_DROPPED = `It was dropped: run ${toAnotherSnapshot('TABLE')}`;

/** The table or view that a statement or an appender misses; `undefined` if it failed for another reason. */
export function absentName(error: unknown): string | undefined {
  return ABSENT.exec(messageOf(error))
    ?.slice(1)
    .find((name) => name !== undefined);
}

/** Whether a name is that of a snapshot's table, or of what is loaded for one. */
export function isOfSnapshot(name: string): boolean {
  return isSnapshotId(name.slice(name.lastIndexOf('_') + 1));
}
