import { requireSameTable } from '../src/destination/same-table.ts';
import type { StateDifference } from '../src/destination/snapshot-store.ts';
import { isKind, TailraceError } from '../src/errors.ts';
import type { SnapshotId } from '../src/snapshot/snapshot-id.ts';
import { abandonJob, type BackfillJob, beginJob, discardJob, refuseForeign, resumeJob } from './backfill-job.ts';
import { afterEvent, eventOfDecision, eventOfFailure, isResumable, stateIn } from './backfill-life.ts';
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
  /** Items that can't be carried exactly. They are dead letters, and the state is without them. */
  readonly setAside: number;
  /** Read capacity units used, by earlier runs too. */
  readonly units: number;
  /** Of this run alone. */
  readonly durationMs: number;
  /** The snapshot that it replaced, or was to replace. */
  readonly replaced: SnapshotId | null;
  /** What publishing it changed; `null` if it isn't published, or that can't be counted. */
  readonly difference: StateDifference | null;
  readonly isResumed: boolean;
  readonly isPublished: boolean;
  /** Whether it stopped at its cap, or was left by `decide`: the next run resumes it. */
  readonly isCapped: boolean;
};

/**
 * Reads a whole table into a snapshot and makes the state stand on it.
 *
 * The snapshot stays unseen until all of it is durable, counted, and read under one unbroken stream; until then the state
 * stands on what it stood on, or on a compaction of that. If the run fails, is interrupted or killed, the next run resumes it, if there are
 * `checkpoints`; a snapshot that can never be published is dropped. `backfill-life.ts` draws its states.
 *
 * An item that can't be carried exactly is set aside: the snapshot is without it, and so is the state, unless the
 * changelog holds a state of it since the floor. `setAside` in the result counts them, and verify finds them.
 *
 * @throws {TailraceError} `source-table-missing`, `stream-missing` and `stream-view-type` before anything is made;
 *   `stream-changed` if table or stream was exchanged while it read; `snapshot-superseded` if another snapshot was
 *   published meanwhile, or a younger one before; `snapshot-incomplete` if the destination lost rows; `state-invalid` if
 *   the checkpoint is of another backfill; `interrupted` if `signal` aborts; else what source and destination throw.
 */
export async function runBackfill(options: RunBackfillOptions): Promise<BackfillResult> {
  const { clock, checkpoints, publish = true } = options;
  const beganAt = clock.now();
  const job = await openJob(options);
  const { description, basis, snapshot, isResumed } = job;
  let { state } = job;
  try {
    if (state === 'none') {
      // Before the snapshot exists, so that there is none that no run would find again.
      await saveProgress(job, options);
      state = afterEvent(state, 'begun');
    }
    if (state !== 'published') await snapshot.start();
    const { rows, setAside, units, isCapped } = await scanInto(job, options);
    const items = isCapped ? rows : await snapshot.finish(rows);
    state = afterEvent(state, isCapped ? 'stopped' : 'scanned');
    let replaced = basis.expected.snapshotId;
    let difference: StateDifference | null = null;
    if (state === 'published') {
      await snapshot.recordPublished();
      difference = await snapshot.difference();
    } else if (!isCapped) {
      const decision = (await options.decide?.({ description, id: basis.id, units })) ?? 'publish';
      await assertPublishable(job, options);
      const event = eventOfDecision(decision, publish);
      if (event === 'published') ({ replaced, difference } = await snapshot.publish());
      state = afterEvent(state, event);
      if (state === 'dropping') await dropJob(job, options);
    }
    if (!isResumable(state)) await checkpoints?.clear();
    const end = { isResumed, isPublished: state === 'published', isCapped: isResumable(state) };
    const durationMs = clock.now() - beganAt;
    return {
      snapshotId: basis.id,
      items,
      repeated: Math.max(0, rows - items),
      setAside,
      units,
      durationMs,
      replaced,
      difference,
      ...end,
    };
  } catch (thrown) {
    const error = await explainLoss(thrown, job, options);
    state = afterEvent(state, eventOfFailure(error, checkpoints !== undefined));
    if (state === 'dropping') await discardJob(snapshot, options);
    if (state !== 'stored') throw error;
    await checkpoints?.clear();
    throw publishedMeanwhile(error, job);
  }
}

/** Resumes what an earlier run left, or begins. */
async function openJob(options: RunBackfillOptions): Promise<BackfillJob> {
  const { reader, table, checkpoints, restart = false, onProgress, log } = options;
  const checkpoint = await checkpoints?.load().catch((error: unknown) => {
    if (!restart || !isKind(error, 'state-invalid')) throw error;
    log.warn('unreadable checkpoint: its snapshot stays', { path: checkpoints.name });
    return null;
  });
  const description = await reader.describe(table).catch(async (error: unknown) => {
    throw checkpoints && checkpoint ? await explainMissingTable(error, checkpoint, checkpoints, options) : error;
  });
  // Before the stream is described, which may discard what was read: another table's backfill isn't ended here.
  await requireSameTable(description.table, options.destination);
  let { unitsBefore = 0 } = options;
  if (checkpoints && checkpoint) {
    refuseForeign(checkpoint, description.table, checkpoints);
    const found = stateIn(checkpoint);
    const state = restart ? afterEvent(found, 'abandoned') : found;
    if (state !== 'dropping') return resumeJob(checkpoint, description, options);
    // A restart counts the cap from the start, too.
    const units = restart ? 0 : checkpoint.units;
    await abandonJob({ ...checkpoint, units }, options);
    unitsBefore += units;
  }
  const waiting = { phase: 'waiting', items: 0, units: 0, segments: 0, segmentsDone: 0, isResumed: false } as const;
  return beginJob(description, { ...options, unitsBefore }, (waitMs) =>
    onProgress?.({ ...waiting, aboutItems: description.itemCount, waitMs }),
  );
}

/** Makes sure that no change was lost to what was read, and that the run isn't interrupted. */
async function assertPublishable({ description, basis }: BackfillJob, options: RunBackfillOptions): Promise<void> {
  const { reader, streams, table, signal } = options;
  const stream = { arn: basis.streamArn, viewType: 'NEW_AND_OLD_IMAGES' } as const;
  await assertSameStream({ ...description, stream }, reader, streams);
  throwIfInterrupted(table, signal);
}

/** The superseded snapshot isn't dropped, as a person can still publish it: reading it may have cost a lot. */
function publishedMeanwhile(error: unknown, { basis: { id, table } }: BackfillJob): TailraceError {
  return new TailraceError('snapshot-superseded', `Another snapshot of ${table.name} was published meanwhile`, {
    context: { ...(error instanceof TailraceError && error.context), snapshot: id },
    remedy: `This one stays in place: \`tailrace snapshots publish ${table.name} ${id}\` to have it all the same, or drop it.`,
    cause: error,
  });
}

async function dropJob({ snapshot }: BackfillJob, options: RunBackfillOptions): Promise<void> {
  const checkpoint = await options.checkpoints?.load();
  await (checkpoint ? abandonJob(checkpoint, options) : snapshot.discard());
}
