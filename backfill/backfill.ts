import { requireSameTable } from '../src/destination/same-table.ts';
import type { StateDifference } from '../src/destination/snapshot-store.ts';
import { isKind, TailraceError } from '../src/errors.ts';
import type { SnapshotId } from '../src/snapshot/snapshot-id.ts';
import {
  abandonJob,
  type BackfillJob,
  beginJob,
  discardJob,
  isUnpublishable,
  refuseForeign,
  resumeJob,
} from './backfill-job.ts';
import type { RunBackfillOptions } from './backfill-options.ts';
import { explainLoss } from './explain-loss.ts';
import { explainMissingTable } from './missing-table.ts';
import { saveProgress, scanInto } from './scan-into.ts';
import { assertSameStream, throwIfInterrupted } from './stream-readiness.ts';

export type { BackfillProgress, RunBackfillOptions as BackfillOptions } from './backfill-options.ts';

export type BackfillResult = {
  readonly snapshotId: SnapshotId;
  /** Distinct items in the snapshot, so far. */
  readonly items: number;
  /**
   * How often the source gave a key that it had given before. DynamoDB never does; the view shows one of the items.
   */
  readonly repeated: number;
  /** Items that can't be carried exactly. They are dead letters, and the latest view is without them. */
  readonly setAside: number;
  /** Read capacity units used, by runs before too. */
  readonly units: number;
  /** Of this run alone. */
  readonly durationMs: number;
  /** The snapshot that it replaced, or was to replace. */
  readonly replaced: SnapshotId | null;
  /** What publishing it changed; `null` if it isn't published, or that can't be told. */
  readonly difference: StateDifference | null;
  readonly isResumed: boolean;
  readonly isPublished: boolean;
  /** Whether it stopped at its cap. What was read is kept, and the next run goes on. */
  readonly isCapped: boolean;
};

/**
 * Reads a whole table into a snapshot and makes the latest view stand on it.
 *
 * Nobody sees the snapshot before all of it is durable, counted, and read under one unbroken stream; until then the view
 * stands on what it stood on. If it fails or is interrupted, or its process is killed, the next run goes on where it was,
 * if there are `checkpoints`; what can never be published is dropped.
 *
 * An item that can't be carried exactly is set aside: the snapshot is without it, and so is the view, unless the
 * changelog holds a state of it since the floor. `setAside` in the result counts them, and verify finds them.
 *
 * @throws {TailraceError} `source-table-missing`, `stream-missing` and `stream-view-type` before anything is made;
 *   `stream-changed` if table or stream was exchanged while it read; `snapshot-superseded` if another snapshot was
 *   published meanwhile, or a younger one before; `snapshot-incomplete` if the destination lost rows; `state-invalid` if
 *   what is to be gone on with isn't this backfill; `interrupted` if `signal` aborts; else what source and destination
 *   throw.
 */
export async function runBackfill(options: RunBackfillOptions): Promise<BackfillResult> {
  const { clock, reader, streams, table, signal, checkpoints, publish = true } = options;
  const beganAt = clock.now();
  const job = await openJob(options);
  const { description, basis, snapshot } = job;
  try {
    // The checkpoint comes first, so that nothing is ever there that no run would find again.
    if (!job.isResumed) await saveProgress(job, options);
    if (!job.isPublished) await snapshot.start();
    const { rows, setAside, units, isCapped } = await scanInto(job, options);
    const items = isCapped ? rows : await snapshot.finish(rows);
    const repeated = Math.max(0, rows - items);
    let difference: StateDifference | null = null;
    let decision: 'publish' | 'drop' | 'keep' = isCapped ? 'keep' : 'publish';
    if (job.isPublished) {
      await snapshot.recordPublished();
      difference = await snapshot.difference();
    } else if (!isCapped) {
      if (options.decide) decision = await options.decide({ description, id: basis.id, units });
      await assertSameStream({ ...description, stream: streamOf(job) }, reader, streams);
      throwIfInterrupted(table, signal);
      if (decision === 'drop') await dropJob(job, options);
      else if (decision === 'publish' && publish) difference = await publishJob(job, options);
    }
    if (decision !== 'keep') await checkpoints?.clear();
    const { isResumed } = job;
    const durationMs = clock.now() - beganAt;
    const isPublished = (publish && decision === 'publish') || job.isPublished;
    const replaced = basis.expected.snapshotId;
    const outcome = { replaced, difference, isResumed, isPublished, isCapped: decision === 'keep' };
    return { snapshotId: basis.id, items, repeated, setAside, units, durationMs, ...outcome };
  } catch (thrown) {
    const error = await explainLoss(thrown, job, options);
    if (!checkpoints || isUnpublishable(error)) await discardJob(snapshot, options);
    throw error;
  }
}

/** Goes on with what an earlier run left, or begins. */
async function openJob(options: RunBackfillOptions): Promise<BackfillJob> {
  const { reader, table, checkpoints, restart = false, onProgress, log } = options;
  const kept = await checkpoints?.load().catch((error: unknown) => {
    if (!restart || !isKind(error, 'state-invalid')) throw error;
    log.warn('unreadable checkpoint: the snapshot that it was of stays', { path: checkpoints.name });
    return null;
  });
  const description = await reader.describe(table).catch(async (error: unknown) => {
    throw checkpoints && kept ? await explainMissingTable(error, kept, checkpoints, options) : error;
  });
  // Before the stream is asked for, or what was read is discarded: neither ends it where the table is another one.
  await requireSameTable(description.table, options.destination);
  let { unitsBefore = 0 } = options;
  if (checkpoints && kept) {
    refuseForeign(kept, description.table, checkpoints);
    if (!restart && !kept.isDropping) return resumeJob(kept, description, options);
    // Whoever asks for a restart begins to count anew, too.
    const units = restart ? 0 : kept.units;
    await abandonJob({ ...kept, units }, options);
    unitsBefore += units;
  }
  const waiting = { phase: 'waiting', items: 0, units: 0, segments: 0, segmentsDone: 0, isResumed: false } as const;
  return beginJob(description, { ...options, unitsBefore }, (waitMs) =>
    onProgress?.({ ...waiting, aboutItems: description.itemCount, waitMs }),
  );
}

/** A snapshot that was read in vain isn't dropped where a person can still publish it: reading it may have cost a lot. */
async function publishJob(
  { snapshot, basis }: BackfillJob,
  { checkpoints }: RunBackfillOptions,
): Promise<StateDifference | null> {
  try {
    return await snapshot.publish();
  } catch (error) {
    if (!checkpoints || !isKind(error, 'snapshot-superseded')) throw error;
    await checkpoints.clear();
    const { id, table } = basis;
    throw new TailraceError('snapshot-superseded', `Another snapshot of ${table.name} was published meanwhile`, {
      context: { ...error.context, snapshot: id },
      remedy: `This one is kept: \`tailrace snapshots publish ${table.name} ${id}\` to have it all the same, or drop it.`,
      cause: error,
    });
  }
}

async function dropJob({ snapshot }: BackfillJob, options: RunBackfillOptions): Promise<void> {
  const kept = await options.checkpoints?.load();
  await (kept ? abandonJob(kept, options) : snapshot.discard());
}

function streamOf({ basis }: BackfillJob) {
  return { arn: basis.streamArn, viewType: 'NEW_AND_OLD_IMAGES' } as const;
}
