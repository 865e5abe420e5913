import { rm } from 'node:fs/promises';
import { isKind, TailraceError } from '../src/errors.ts';
import { abandonJob, refuseForeign } from './backfill-job.ts';
import type { RunBackfillOptions } from './backfill-options.ts';
import { type BackfillCheckpoint, type BackfillCheckpoints, RESTART } from './checkpoint.ts';

/**
 * Names what becomes of what was read of a table that isn't found any more. A table that was deleted looks like one of
 * another region or account, so it is kept, unless `restart` asks for it to be dropped.
 *
 * @param error What the look at the table came to.
 * @returns That it is kept, or was dropped; `error` as it is if it is of another kind.
 * @throws {TailraceError} `state-invalid` if the checkpoint is of another table or destination.
 */
export async function explainMissingTable(
  error: unknown,
  kept: BackfillCheckpoint,
  checkpoints: BackfillCheckpoints,
  options: RunBackfillOptions,
): Promise<unknown> {
  if (!isKind(error, 'source-table-missing')) return error;
  const { message, context } = error;
  refuseForeign(kept, { name: options.table, arn: null }, checkpoints);
  if (!options.restart && !kept.isDropping) {
    const remedy = `Check the name, --region and --profile. If the table was deleted, ${RESTART} drops what was read.`;
    return new TailraceError('source-table-missing', message, { context, remedy, cause: error });
  }
  await abandonJob(kept, options);
  // What a killed run had read: otherwise the next one's reading removes it, and there is none.
  await rm(options.spool, { recursive: true, force: true });
  const said = `${message}: what was read of it is discarded`;
  return new TailraceError('source-table-missing', said, { context, cause: error });
}
