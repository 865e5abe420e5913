import { TailraceError } from '../../errors.ts';
import { isSnapshotId } from '../../snapshot/snapshot-id.ts';
import { toAnotherSnapshot } from '../published-state.ts';

/**
 * Classes of DuckDB's errors whose text names files, tables, columns and the statement, but never what a row holds.
 * The text of the others (`Conversion Error: Could not convert string '…'`) may quote a row, and is never passed on.
 */
const SAFE_CLASSES = new Set([
  'Binder Error',
  'Catalog Error',
  'IO Error',
  'Out of Memory Error',
  'Parser Error',
  'Permission Error',
  'Serialization Error',
  'TransactionContext Error',
]);

/** Messages of a statement and of an appender about a table or view that doesn't exist. */
const ABSENT = /^Catalog Error: Table with name "?(.+?)"? does not exist|^Table ".*\.(.+)" could not be found/;

/** The part of a DuckDB error that may be shown: its first line, or only its class where the rest may quote a row. */
export function shownText(error: unknown): string {
  const [line = ''] = messageOf(error).split('\n', 1);
  const name = classOf(error);
  return SAFE_CLASSES.has(name) ? line : name;
}

/** The class DuckDB's messages begin with, such as `Catalog Error`. */
export function classOf(error: unknown): string {
  return /^[A-Za-z ]+ Error(?=:)/.exec(messageOf(error))?.[0] ?? 'Error';
}

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

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
