import { rm } from 'node:fs/promises';
import { isKind, TailraceError } from '../src/errors.ts';
import { abandonJob, refuseForeign } from './backfill-job.ts';
import type { RunBackfillOptions } from './backfill-options.ts';
import { type BackfillCheckpoint, type BackfillCheckpoints, RESTART } from './checkpoint.ts';

/**
 * Explains what becomes of a backfill whose table isn't found. A deleted table can't be told from one of another region or
 * account, so the snapshot is left, unless `restart` asks to drop it.
 *
 * @param error The failure to describe the table.
 * @returns The failure with that explanation; `error` as it is if it is of another kind.
 * @throws {TailraceError} `state-invalid` if the checkpoint is of another table or destination.
 */
export async function explainMissingTable(
  error: unknown,
  checkpoint: BackfillCheckpoint,
  checkpoints: BackfillCheckpoints,
  options: RunBackfillOptions,
): Promise<unknown> {
  if (!isKind(error, 'source-table-missing')) return error;
  const { message, context } = error;
  refuseForeign(checkpoint, { name: options.table, arn: null }, checkpoints);
  if (!options.restart && !checkpoint.isDropping) {
    const remedy = `Check the name, --region and --profile. If the table was deleted, ${RESTART} drops what was read.`;
    return new TailraceError('source-table-missing', message, { context, remedy, cause: error });
  }
  await abandonJob(checkpoint, options);
  // Rows that a killed run left: the next run's loader would remove them, but there is no next run.
  await rm(options.spool, { recursive: true, force: true });
  const discarded = `${message}: what was read of it is discarded`;
  return new TailraceError('source-table-missing', discarded, { context, cause: error });
}
