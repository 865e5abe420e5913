import type { Clock } from '../src/clock.ts';
import { requirePublished, requirePublishedSnapshot } from '../src/destination/published-state.ts';
import type { MadeSnapshot, SnapshotStore } from '../src/destination/snapshot-store.ts';
import { isKind, nameOf, TailraceError } from '../src/errors.ts';
import type { Log } from '../src/log.ts';
import type { Random } from '../src/random.ts';
import { isForeign, publishedOnce } from '../src/snapshot/history.ts';
import { type LedgerEvent, type LedgerEventName, publishedOver, type SnapshotFacts } from '../src/snapshot/ledger.ts';
import type { Published } from '../src/snapshot/published.ts';
import { newSnapshotId, type SnapshotId } from '../src/snapshot/snapshot-id.ts';
import type { SourceTable } from '../src/source/source-table.ts';
import { foldedFloor } from '../src/views/snapshot.ts';
import { recordPublished } from './publication.ts';

export type CompactionOptions = {
  readonly table: SourceTable;
  readonly destination: CompactionStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Who runs it: user and host. */
  readonly actor: string;
  readonly signal: AbortSignal;
  /** Tombstones older than this are left out, and changes older than this never count again; `null`: all are kept. */
  readonly horizonMs: number | null;
  /** Whether the compaction that it replaces is dropped at once. A reading never is. */
  readonly dropReplaced?: boolean;
};

export type CompactionStore = Omit<SnapshotStore, 'createLoad' | 'loadSnapshot' | 'countLoad' | 'makeSnapshot'>;

export type CompactionResult = {
  readonly snapshotId: SnapshotId;
  readonly items: number;
  /** The snapshot that it replaced; `null` if the state stood on none. */
  readonly replaced: SnapshotId | null;
  /** Whether the one that it replaced was dropped. */
  readonly isReplacedDropped: boolean;
  readonly durationMs: number;
};

/** What was begun so long ago and never published, was left by a process that ended. */
const LEFT_BEHIND_MS = 60 * 60_000;

/**
 * Folds the tail of a changelog into a new snapshot and makes the state stand on it. It shows the same as before, and costs
 * less to read.
 *
 * It may run while rows are appended or replayed, and while a backfill or a repair reads, which then publishes over it. It is
 * published only over exactly what it folded: if that was replaced meanwhile, it is dropped. If it is killed at any point, the
 * state shows the same, and what it left is used by a later compaction, or dropped by one an hour later.
 *
 * @throws {TailraceError} `destination-missing` if the table has no state; `destination-conflict` if the snapshot that it
 *   stands on isn't there, or not known; `snapshot-superseded` if something else was published meanwhile; `interrupted` if
 *   `signal` aborts; else what the destination throws.
 */
export async function runCompaction(options: CompactionOptions): Promise<CompactionResult> {
  const { destination, clock, table, dropReplaced = false } = options;
  const beganAt = clock.now();
  const published = await requirePublished(table, destination);
  const base = await requirePublishedSnapshot(table, published, destination);
  const left = unpublished(await destination.ledger(table), published);
  const taken = destination.foldsInJobs ? left.findLast((event) => isOver(event, published, table)) : undefined;
  for (const event of left) {
    if (event !== taken && beganAt - event.at > LEFT_BEHIND_MS) await drop(options, event);
  }
  const compaction = new Compaction(options, taken ?? (await begin(options, published, base)));
  const made = await compaction.fold(published);
  await compaction.publish(published, made);
  const isReplacedDropped = dropReplaced && base?.kind === 'compaction' && (await drop(options, base));
  return {
    snapshotId: made.snapshotId,
    items: made.itemCount,
    replaced: published.snapshotId,
    isReplacedDropped,
    durationMs: clock.now() - beganAt,
  };
}

/** One compaction, from its facts to its publication. */
class Compaction {
  readonly #options: CompactionOptions;
  #facts: SnapshotFacts;

  constructor(options: CompactionOptions, facts: SnapshotFacts) {
    this.#options = options;
    this.#facts = facts;
  }

  /** When it resolves, the snapshot is whole and durable, and the ledger records it. */
  async fold(published: Published): Promise<MadeSnapshot> {
    const { table, destination, signal } = this.#options;
    try {
      const made = await destination.foldSnapshot(table, this.#facts, published, { signal });
      this.#facts = made;
      await record(this.#options, made, 'finished');
      return made;
    } catch (error) {
      // A job may go on without this process, and a later compaction takes its result.
      if (!destination.foldsInJobs) await drop(this.#options, this.#facts);
      throw signal.aborted && !(error instanceof TailraceError)
        ? new TailraceError('interrupted', `The compaction of ${table.name} was interrupted: nothing was published`)
        : error;
    }
  }

  async publish(published: Published, made: MadeSnapshot): Promise<void> {
    const { table, destination, log } = this.#options;
    const next = publishedOver(made);
    try {
      await destination.publish(table, { next, startedFrom: published, by: 'compaction' });
    } catch (error) {
      // The answer alone may have been lost: then the state stands on it.
      const isPublished = (await destination.published(table))?.snapshotId === made.snapshotId;
      if (!isPublished && isKind(error, 'snapshot-superseded', 'snapshot-outdated')) await drop(this.#options, made);
      if (!isPublished) throw error;
    }
    const fields = { table: table.name, snapshot: made.snapshotId };
    await recordPublished(record(this.#options, made, 'published'), log, fields);
  }
}

/** Fixes the facts of a new compaction. The ledger is written first, so that it knows of every snapshot's table. */
async function begin(
  options: CompactionOptions,
  published: Published,
  base: MadeSnapshot | undefined,
): Promise<SnapshotFacts> {
  const { table, destination, clock, random, horizonMs } = options;
  const from = Math.floor(await destination.foldFrom(table));
  const startedAt = clock.now();
  const facts: SnapshotFacts = {
    tableName: table.name,
    tableArn: table.arn,
    tableId: table.tableId,
    snapshotId: newSnapshotId(startedAt, random),
    kind: 'compaction',
    streamArn: base?.streamArn ?? null,
    startedAt,
    // Of two clocks the earlier one: the horizon of one that is far ahead would leave out what is yet to come.
    floor: foldedFloor(published, horizonMs === null ? null : Math.min(startedAt, from) - horizonMs),
    from,
    reading: published.reading,
    folded: null,
    generation: published.generation,
    baseSnapshotId: published.snapshotId,
    itemCount: null,
  };
  // By it the positions that the base stores are read, and those of the compaction are stored.
  if (publishedOver(facts).streamLabel !== published.streamLabel) {
    throw new Error(`Snapshot ${published.snapshotId} is of another stream than its state says`);
  }
  await record(options, facts, 'started');
  return facts;
}

/** The compactions that were begun, and never published nor dropped, each by its last event. */
function unpublished(ledger: readonly LedgerEvent[], { snapshotId: current }: Published): readonly LedgerEvent[] {
  const once = publishedOnce(ledger);
  const dropped = new Set(ledger.flatMap(({ event, snapshotId }) => (event === 'dropped' ? [snapshotId] : [])));
  const begun = ledger.filter(
    ({ kind, snapshotId: id }) => kind === 'compaction' && !once.has(id) && !dropped.has(id) && id !== current,
  );
  return [...new Map(begun.map((event) => [event.snapshotId, event])).values()];
}

/** Whether a compaction was begun over what the state stands on now; of another table of the name it never was. */
function isOver(event: LedgerEvent, published: Published, table: SourceTable): boolean {
  const { baseSnapshotId, generation } = event;
  return baseSnapshotId === published.snapshotId && generation === published.generation && !isForeign(event, table);
}

/** Drops a snapshot. A failure is logged: a later compaction or retention drops it. */
async function drop(options: CompactionOptions, facts: SnapshotFacts): Promise<boolean> {
  const { table, destination, log } = options;
  try {
    await destination.dropSnapshot(table, facts.snapshotId);
    await record(options, facts, 'dropped');
    return true;
  } catch (error) {
    log.warn('snapshot left behind', { table: table.name, snapshot: facts.snapshotId, error: nameOf(error) });
    return false;
  }
}

function record(
  { destination, clock, actor }: CompactionOptions,
  facts: SnapshotFacts,
  event: LedgerEventName,
): Promise<void> {
  return destination.record({ ...factsOf(facts), at: clock.now(), event, actor });
}

/** Without the rest of an event that the facts come from. */
function factsOf(facts: SnapshotFacts & Partial<LedgerEvent>): SnapshotFacts {
  const { at: _at, event: _event, actor: _actor, ...rest } = facts;
  return rest;
}
