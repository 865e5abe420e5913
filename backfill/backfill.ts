import type { Clock } from '../src/clock.ts';
import type { DeadLetters } from '../src/delivery/dead-letter.ts';
import type { SnapshotStore, TableSetup } from '../src/destination/destination.ts';
import { nameOf, TailraceError } from '../src/errors.ts';
import type { Log, LogFields } from '../src/log.ts';
import { streamArn } from '../src/order/stream-arn.ts';
import type { Transform } from '../src/privacy/transform.ts';
import type { Random } from '../src/random.ts';
import { floorOf } from '../src/snapshot/floor.ts';
import type { LedgerEventName } from '../src/snapshot/ledger.ts';
import type { Published } from '../src/snapshot/published.ts';
import { newSnapshotId, type SnapshotId } from '../src/snapshot/snapshot-id.ts';
import type { TableDescription, TableReader } from '../src/source/table-reader.ts';
import { requireStream } from '../src/source/usable-stream.ts';
import type { StreamClient } from '../src/stream/stream-client.ts';
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
  const begun = await begin(options);
  try {
    const read = await readSnapshot(begun, options);
    await assertSameStream(begun.description, reader, streams);
    throwIfInterrupted(table, signal);
    await publish(begun, options);
    await record('published', begun, options, read.items).catch((error: unknown) => {
      options.log.warn('snapshot published, but not in the ledger', { ...fieldsOf(begun), error: nameOf(error) });
    });
    const { id: snapshotId, expected } = begun;
    return { snapshotId, ...read, durationMs: clock.now() - beganAt, replaced: expected.snapshotId };
  } catch (error) {
    await discard(begun, options);
    throw error;
  }
}

/** What every later step of a backfill stands on. */
type Begun = {
  readonly description: TableDescription;
  readonly streamArn: string;
  readonly id: SnapshotId;
  /** By DynamoDB's clock. */
  readonly startedAt: number;
  readonly floor: number;
  /** What the view stood on. Only that may be replaced. */
  readonly expected: Published;
};

async function begin(options: BackfillOptions): Promise<Begun> {
  const { table, reader, destination, transform, random, signal, onProgress } = options;
  const description = await reader.describe(table);
  const stream = requireStream(description);
  throwIfInterrupted(table, signal);
  await destination.prepare(description.table, transform.generation);
  await awaitStream(table, stream, {
    ...options,
    onWait: (waitMs) => onProgress?.({ ...progressOf(description, options), phase: 'waiting', waitMs }),
  });

  const expected = await destination.published(description.table);
  if (!expected) {
    throw new TailraceError('destination-missing', `There is no latest view of ${table}`, { context: { table } });
  }
  const startedAt = await reader.serverTime(table);
  const floor = floorOf(startedAt);
  if (expected.floor !== null && expected.floor > floor) {
    throw new TailraceError('snapshot-superseded', `A younger snapshot of ${table} is published`, {
      context: { table, snapshot: expected.snapshotId },
      remedy: `By DynamoDB's clock it is from the future: look at \`tailrace status ${table}\`.`,
    });
  }
  return { description, streamArn: stream.arn, id: newSnapshotId(startedAt, random), startedAt, floor, expected };
}

async function readSnapshot(
  begun: Begun,
  options: BackfillOptions,
): Promise<{ readonly items: number; readonly setAside: number; readonly units: number }> {
  const { description, id } = begun;
  const { destination, clock, onProgress } = options;
  await record('started', begun, options);
  await destination.createSnapshot(description.table, id);

  const loader = new SnapshotLoader({ ...options, description, id, now: () => clock.now() });
  const progress = { ...progressOf(description, options) };
  onProgress?.(progress);
  await scanTable(options, async (page) => {
    await loader.take(page);
    progress.items += page.items.length;
    progress.units += page.consumedUnits;
    if (page.lastKey === null) progress.segmentsDone++;
    onProgress?.({ ...progress });
  });

  onProgress?.({ ...progress, phase: 'publishing' });
  const items = await assertWhole(begun, destination, loader.counts.rows);
  await record('finished', begun, options, items);
  return { items, setAside: loader.counts.setAside, units: progress.units };
}

/**
 * Makes sure that the destination holds what was loaded, and gives the number of distinct items.
 *
 * A chunk may stand there twice, if the answer to its load was lost; then every key must still be there. A server may
 * also give an item twice that moved while it was scanned.
 */
async function assertWhole({ description, id }: Begun, destination: SnapshotStore, loaded: number): Promise<number> {
  const { rows, keys } = await destination.countSnapshot(description.table, id);
  if (rows === loaded || (rows > loaded && keys === loaded)) return keys;
  throw new TailraceError('destination-invalid', `Snapshot ${id} holds other rows than were loaded`, {
    context: { table: description.table.name, loaded, rows, keys },
    remedy: 'Run it again; the snapshot that was published stays in force.',
  });
}

async function publish(
  { description: { table }, id, floor, streamArn: arn, expected }: Begun,
  { destination, transform: { generation } }: BackfillOptions,
): Promise<void> {
  const next = { snapshotId: id, floor, streamLabel: streamArn(arn).label, generation };
  try {
    await destination.publish(table, next, expected);
  } catch (error) {
    // The answer may be what was lost, and the view stand on it all the same.
    if ((await destination.published(table))?.snapshotId !== id) throw error;
  }
}

/** Drops the snapshot, unless it is published after all. What can't be done is said, and hides no failure. */
async function discard(begun: Begun, options: BackfillOptions): Promise<void> {
  const { destination, log } = options;
  const { table } = begun.description;
  try {
    if ((await destination.published(table))?.snapshotId === begun.id) return;
    await destination.dropSnapshot(table, begun.id);
    await record('dropped', begun, options);
  } catch (error) {
    log.warn('unpublished snapshot left behind', { ...fieldsOf(begun), error: nameOf(error) });
  }
}

function record(
  event: LedgerEventName,
  { description: { table }, id, startedAt, floor, streamArn, expected }: Begun,
  { destination, clock, transform, actor }: BackfillOptions,
  itemCount: number | null = null,
): Promise<void> {
  return destination.record({
    at: clock.now(),
    event,
    tableName: table.name,
    tableArn: table.arn,
    tableId: table.tableId,
    snapshotId: id,
    kind: 'scan',
    streamArn,
    startedAt,
    floor,
    generation: transform.generation,
    baseSnapshotId: expected.snapshotId,
    itemCount,
    actor,
  });
}

function progressOf({ itemCount }: TableDescription, { segments }: BackfillOptions): Mutable<BackfillProgress> {
  return { phase: 'scanning', items: 0, aboutItems: itemCount, units: 0, segments, segmentsDone: 0, waitMs: 0 };
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

function fieldsOf({ description, id }: Begun): LogFields {
  return { table: description.table.name, snapshot: id };
}
