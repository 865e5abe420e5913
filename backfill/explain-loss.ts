import { isKind, TailraceError } from '../src/errors.ts';
import type { BackfillJob } from './backfill-job.ts';
import type { RunBackfillOptions } from './backfill-options.ts';

/**
 * Explains a failure that comes from a table deleted, or a snapshot dropped, while a backfill reads. Returns any other
 * failure as it is.
 */
export async function explainLoss(
  error: unknown,
  { basis: { id, table } }: BackfillJob,
  { destination }: Pick<RunBackfillOptions, 'destination'>,
): Promise<unknown> {
  const context = { table: table.name, snapshot: id };
  if (isKind(error, 'source-table-missing')) {
    const message = `Table ${table.name} was deleted while it was read: what was read is discarded`;
    return new TailraceError('source-table-missing', message, { context, cause: error });
  }
  // A whole destination that is missing may come back, with all that was loaded; a dropped snapshot doesn't.
  const isSnapshotGone = async () =>
    !(await isMissing(() => destination.published(table))) &&
    (await isMissing(() => destination.describeSnapshot(table, id))) &&
    (await isMissing(() => destination.countLoad(table, id)));
  if (isKind(error, 'destination-missing') && (await isSnapshotGone())) {
    const message = `The table of snapshot ${id} was dropped while ${table.name} was read into it`;
    return new TailraceError('snapshot-incomplete', message, { context, cause: error });
  }
  return error;
}

async function isMissing(look: () => Promise<unknown>): Promise<boolean> {
  try {
    return (await look()) === undefined;
  } catch (error) {
    return isKind(error, 'destination-missing');
  }
}
