import { requirePublished } from '../src/destination/published-state.ts';
import { TailraceError } from '../src/errors.ts';
import { floorOf } from '../src/snapshot/floor.ts';
import { droppedAt } from '../src/snapshot/history.ts';
import { replacementProblem } from '../src/snapshot/publication-rule.ts';
import type { Published } from '../src/snapshot/published.ts';
import { newSnapshotId } from '../src/snapshot/snapshot-id.ts';
import { sightingOf } from '../src/source/sighting.ts';
import type { TableDescription } from '../src/source/table-reader.ts';
import { requireStream } from '../src/source/usable-stream.ts';
import { type BackfillState, eventOfFailure, stateIn } from './backfill-life.ts';
import { DEFAULT_SEGMENTS, type RunBackfillOptions } from './backfill-options.ts';
import {
  type BackfillCheckpoint,
  type BackfillCheckpoints,
  RESTART,
  type SegmentProgress,
  unread,
} from './checkpoint.ts';
import { PendingSnapshot, type SnapshotBasis } from './pending-snapshot.ts';
import { assertSameStream, awaitStream, throwIfInterrupted } from './stream-readiness.ts';

/** A backfill under way, whichever run began it. */
export type BackfillJob = {
  readonly state: BackfillState;
  readonly description: TableDescription;
  readonly basis: SnapshotBasis;
  readonly snapshot: PendingSnapshot;
  /** How far each segment is read. */
  readonly segments: readonly SegmentProgress[];
  /** Read capacity units that earlier runs may have used. */
  readonly units: number;
  readonly isResumed: boolean;
};

/** Waits until reading may begin, and fixes the new snapshot's basis. Nothing is read or written of the snapshot yet. */
export async function beginJob(
  description: TableDescription,
  options: RunBackfillOptions,
  onWait: (ms: number) => void,
): Promise<BackfillJob> {
  const { reader, destination, random, signal, segments = DEFAULT_SEGMENTS, unitsBefore: units = 0 } = options;
  const { generation } = options.transform;
  const { table } = description;
  const stream = requireStream(description);
  throwIfInterrupted(table.name, signal);
  await destination.prepare(table, generation, { seen: sightingOf(description) });
  await awaitStream(table.name, stream, { ...options, onWait });

  const expected = await requirePublished(table, destination);
  const startedAt = await reader.serverTime(table.name);
  if (expected.floor !== null && expected.floor > floorOf(startedAt)) {
    throw new TailraceError('snapshot-superseded', `A younger snapshot of ${table.name} is published`, {
      context: { table: table.name, snapshot: expected.snapshotId },
      remedy: `By DynamoDB's clock it is from the future: see \`tailrace status ${table.name}\`.`,
    });
  }
  const id = newSnapshotId(startedAt, random);
  // Whole milliseconds, as annotations and checkpoints have them: an earlier `from` is always safe.
  const from = Math.floor(await destination.readingFrom(table, floorOf(startedAt)));
  const basis = { table, streamArn: stream.arn, id, startedAt, from, generation, expected };
  const snapshot = new PendingSnapshot(basis, options);
  return { state: 'none', description, basis, snapshot, segments: unread(segments), units, isResumed: false };
}

/**
 * Resumes a backfill where an earlier run left it, if it still means the same.
 *
 * @throws {TailraceError} `state-invalid` if the options would change its meaning; `snapshot-superseded` if another was
 *   published since; `stream-changed` and `snapshot-incomplete` if what was read can never be published: it is discarded.
 */
export async function resumeJob(
  checkpoint: BackfillCheckpoint,
  description: TableDescription,
  options: RunBackfillOptions,
): Promise<BackfillJob> {
  const { destination, reader, streams, publish = true } = options;
  const { basis, segments, units } = checkpoint;
  refuseOther(checkpoint, options);
  const events = (await destination.ledger(basis.table)).filter(({ snapshotId }) => snapshotId === basis.id);
  const known = new Set(events.map(({ event }) => event));
  const snapshot = new PendingSnapshot(basis, { ...options, known });
  const published = await requirePublished(basis.table, destination);
  const job = { description, basis, snapshot, segments, units, isResumed: true };
  if (published.reading === basis.id) return { ...job, state: 'published' };
  // Its publication checks it again.
  const replacement = { next: { reading: basis.id }, startedFrom: basis.expected, by: 'reading' } as const;
  if (publish && replacementProblem(published, replacement) !== null) throw supersededSince(basis, published);
  try {
    const stream = { arn: basis.streamArn, viewType: 'NEW_AND_OLD_IMAGES' } as const;
    await assertSameStream({ ...description, table: basis.table, stream }, reader, streams);
    if (droppedAt(events) !== null) throw dropped(basis);
    await snapshot.assertLoaded(segments.reduce((rows, segment) => rows + segment.rows, 0));
  } catch (error) {
    if (eventOfFailure(error, true) === 'lost') await discardJob(snapshot, options);
    throw error;
  }
  await options.onResume?.(basis);
  return { ...job, state: stateIn(checkpoint) };
}

/** Drops what was read, unless it is published. If it is killed meanwhile, the checkpoint lets the next run finish the drop. */
export async function abandonJob(checkpoint: BackfillCheckpoint, options: RunBackfillOptions): Promise<void> {
  await options.checkpoints?.save({ ...checkpoint, isDropping: true });
  await discardJob(new PendingSnapshot(checkpoint.basis, options), options);
}

/** Drops the snapshot, then the checkpoint: in the other order a kill in between would leave an unknown snapshot. */
export async function discardJob(snapshot: PendingSnapshot, { checkpoints }: RunBackfillOptions): Promise<void> {
  await snapshot.discard();
  await checkpoints?.clear();
}

/**
 * @param table Its `arn` is `null` where it isn't found; then the name alone is compared.
 * @throws {TailraceError} `state-invalid` if the checkpoint is of another table or destination.
 */
export function refuseForeign(
  { basis, destination }: BackfillCheckpoint,
  { name: tableName, arn }: { readonly name: string; readonly arn: string | null },
  checkpoints: BackfillCheckpoints,
): void {
  const name = `Checkpoint ${checkpoints.name}`;
  const isOther = arn === null ? basis.table.name !== tableName : basis.table.arn !== arn;
  if (isOther) throw invalid(`${name} is of ${basis.table.arn}, not of ${arn ?? tableName}`);
  if (destination === checkpoints.destination) return;
  throw invalid(
    `${name} is for ${destination}, not for ${checkpoints.destination}`,
    'Give that destination, or another --state.',
  );
}

function refuseOther(checkpoint: BackfillCheckpoint, options: RunBackfillOptions): void {
  const { basis, rules, segments } = checkpoint;
  const { transform } = options;
  const began = `The backfill of ${basis.table.name} was begun`;
  const remedy = `Give the options that it was begun with, or start over: ${RESTART}.`;
  if (options.segments !== undefined && options.segments !== segments.length) {
    throw invalid(`${began} with ${segments.length} segments, not with ${options.segments}`, remedy);
  }
  if (basis.generation !== transform.generation || rules !== transform.rules) {
    throw invalid(`${began} by a Tailrace that stores keys or values in another way`, `Start over: ${RESTART}.`);
  }
}

function dropped({ table, id }: SnapshotBasis): TailraceError {
  return new TailraceError('snapshot-incomplete', `Snapshot ${id} was dropped meanwhile`, {
    context: { table: table.name, snapshot: id },
  });
}

function supersededSince({ table, id }: SnapshotBasis, { snapshotId }: Published): TailraceError {
  return new TailraceError(
    'snapshot-superseded',
    `Another snapshot of ${table.name} was published since this one was begun`,
    {
      context: { table: table.name, snapshot: id, published: snapshotId },
      remedy: `Start over: ${RESTART}. Or give --no-publish in its place, to read on and decide later.`,
    },
  );
}

function invalid(message: string, remedy?: string): TailraceError {
  return new TailraceError('state-invalid', message, remedy === undefined ? {} : { remedy });
}
