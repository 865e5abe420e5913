import type { Clock } from '../src/clock.ts';
import type { DeadLetters } from '../src/delivery/dead-letter.ts';
import type { SnapshotStore, TableSetup } from '../src/destination/destination.ts';
import { TailraceError } from '../src/errors.ts';
import type { Log } from '../src/log.ts';
import type { Transform } from '../src/privacy/transform.ts';
import type { Random } from '../src/random.ts';
import { floorOf } from '../src/snapshot/floor.ts';
import { newSnapshotId, type SnapshotId } from '../src/snapshot/snapshot-id.ts';
import type { TableDescription, TableReader } from '../src/source/table-reader.ts';
import { requireStream } from '../src/source/usable-stream.ts';
import type { StreamClient } from '../src/stream/stream-client.ts';
import { PendingSnapshot, type SnapshotBasis } from './pending-snapshot.ts';
import { scanTable } from './scan.ts';
import { SnapshotLoader } from './snapshot-loader.ts';
import { assertSameStream, awaitStream, throwIfInterrupted } from './stream-readiness.ts';

export type BackfillOptions = {
  /** Name of the DynamoDB table. */
  readonly table: string;
  readonly reader: TableReader;
  readonly streams: Pick<StreamClient, 'describe'>;
  readonly destination: SnapshotStore & TableSetup;
  readonly deadLetters: DeadLetters;
  readonly transform: Transform;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Into how many parts the table is cut; they are read at once. */
  readonly segments: number;
  /** How long a young stream must have been seen ENABLED before the scan starts; 0 on embedded servers. */
  readonly minStreamAgeMs: number;
  /** Who does it: user and host. */
  readonly actor: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: BackfillProgress) => void;
};

export type BackfillProgress = {
  readonly phase: 'waiting' | 'scanning' | 'publishing';
  /** Items read so far. */
  readonly items: number;
  /** About how many there are; hours old, and 0 where the server doesn't count. */
  readonly aboutItems: number;
  /** Read capacity units used so far. */
  readonly units: number;
  readonly segments: number;
  readonly segmentsDone: number;
  /** Milliseconds that are waited in phase `waiting`; 0 otherwise. */
  readonly waitMs: number;
};

export type BackfillResult = {
  readonly snapshotId: SnapshotId;
  /** Distinct items in the published snapshot. */
  readonly items: number;
  /** Items that can't be carried exactly. They are dead letters, and the latest view is without them. */
  readonly setAside: number;
  /** Read capacity units used. */
  readonly units: number;
  readonly durationMs: number;
  /** The snapshot that it replaced. */
  readonly replaced: SnapshotId | null;
};

/**
 * Reads a whole table into a snapshot and makes the latest view stand on it.
 *
 * Nobody sees the snapshot before all of it is durable, counted, and read under one unbroken stream; until then the view
 * stands on what it stood on. If it fails or is interrupted, the snapshot is dropped.
 *
 * An item that can't be carried exactly is set aside: the snapshot is without it, and so is the view, unless the
 * changelog holds a state of it since the floor. `setAside` in the result counts them, and verify finds them.
 *
 * @throws {TailraceError} `source-table-missing`, `stream-missing` and `stream-view-type` before anything is made;
 *   `stream-changed` if table or stream was exchanged while it read; `snapshot-superseded` if another snapshot was
 *   published meanwhile, or a younger one before; `interrupted` if `signal` aborts; else what source and destination
 *   throw.
 */
export async function runBackfill(options: BackfillOptions): Promise<BackfillResult> {
  const { clock, reader, streams, table, signal } = options;
  const beganAt = clock.now();
  const { description, basis } = await begin(options);
  const snapshot = new PendingSnapshot(basis, options);
  try {
    await snapshot.start();
    const read = await readInto(snapshot, description, basis.id, options);
    await assertSameStream(description, reader, streams);
    throwIfInterrupted(table, signal);
    await snapshot.publish();
    return { snapshotId: basis.id, ...read, durationMs: clock.now() - beganAt, replaced: basis.expected.snapshotId };
  } catch (error) {
    await snapshot.discard();
    throw error;
  }
}

/** Waits until reading may begin, and takes down what it stands on. */
async function begin(
  options: BackfillOptions,
): Promise<{ readonly description: TableDescription; readonly basis: SnapshotBasis }> {
  const { reader, destination, random, signal, onProgress } = options;
  const { generation } = options.transform;
  const description = await reader.describe(options.table);
  const stream = requireStream(description);
  const { table } = description;
  throwIfInterrupted(table.name, signal);
  await destination.prepare(table, generation);
  await awaitStream(table.name, stream, {
    ...options,
    onWait: (waitMs) => onProgress?.({ ...progressOf(description, options), phase: 'waiting', waitMs }),
  });

  const expected = await destination.published(table);
  if (!expected) {
    throw new TailraceError('destination-missing', `There is no latest view of ${table.name}`, {
      context: { table: table.name },
    });
  }
  const startedAt = await reader.serverTime(table.name);
  if (expected.floor !== null && expected.floor > floorOf(startedAt)) {
    throw new TailraceError('snapshot-superseded', `A younger snapshot of ${table.name} is published`, {
      context: { table: table.name, snapshot: expected.snapshotId },
      remedy: `By DynamoDB's clock it is from the future: look at \`tailrace status ${table.name}\`.`,
    });
  }
  const id = newSnapshotId(startedAt, random);
  return { description, basis: { table, streamArn: stream.arn, id, startedAt, generation, expected } };
}

/** Reads the table into the snapshot. When it resolves, all of it is durable and counted. */
async function readInto(
  snapshot: PendingSnapshot,
  description: TableDescription,
  id: SnapshotId,
  options: BackfillOptions,
): Promise<Pick<BackfillResult, 'items' | 'setAside' | 'units'>> {
  const { clock, onProgress } = options;
  const loader = new SnapshotLoader({ ...options, description, id, now: () => clock.now() });
  const progress = progressOf(description, options);
  onProgress?.({ ...progress });
  await scanTable(options, async (page) => {
    await loader.take(page);
    progress.items += page.items.length;
    progress.units += page.consumedUnits;
    if (page.lastKey === null) progress.segmentsDone++;
    onProgress?.({ ...progress });
  });
  onProgress?.({ ...progress, phase: 'publishing' });
  const { rows, setAside } = loader.counts;
  return { items: await snapshot.finish(rows), setAside, units: progress.units };
}

function progressOf({ itemCount }: TableDescription, { segments }: BackfillOptions): Mutable<BackfillProgress> {
  return { phase: 'scanning', items: 0, aboutItems: itemCount, units: 0, segments, segmentsDone: 0, waitMs: 0 };
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };
