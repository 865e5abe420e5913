import type { Clock } from '../src/clock.ts';
import type { SnapshotStore, StateDifference } from '../src/destination/snapshot-store.ts';
import { isKind, nameOf, TailraceError } from '../src/errors.ts';
import type { Log } from '../src/log.ts';
import { streamArn } from '../src/order/stream-arn.ts';
import { floorOf } from '../src/snapshot/floor.ts';
import type { LedgerEventName } from '../src/snapshot/ledger.ts';
import type { Published } from '../src/snapshot/published.ts';
import type { SnapshotId } from '../src/snapshot/snapshot-id.ts';
import type { SourceTable } from '../src/source/source-table.ts';
import { countDifference, recordPublished } from './publication.ts';

/** What is fixed when a snapshot begins. */
export type SnapshotBasis = {
  readonly table: SourceTable;
  readonly streamArn: string;
  readonly id: SnapshotId;
  /** When its reading began, by DynamoDB's clock, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly generation: number;
  /** What the latest view stood on then. The snapshot may replace nothing else. */
  readonly expected: Published;
};

export type PendingSnapshotOptions = {
  readonly destination: Omit<SnapshotStore, 'loadSnapshot' | 'ledger' | 'snapshotBytes'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Who runs it: user and host. */
  readonly actor: string;
  /** The events that the ledger has of it, if an earlier run began it. */
  readonly known?: ReadonlySet<LedgerEventName>;
};

/**
 * A scan's snapshot until it is published. The latest view doesn't show it before; the ledger records each step.
 *
 * `start`, `finish` and `publish` follow in this order; `discard` may follow any of them.
 */
export class PendingSnapshot {
  readonly #basis: SnapshotBasis;
  readonly #options: PendingSnapshotOptions;
  readonly #known: Set<LedgerEventName>;
  #itemCount: number | null = null;

  constructor(basis: SnapshotBasis, options: PendingSnapshotOptions) {
    this.#basis = basis;
    this.#options = options;
    this.#known = new Set(options.known);
  }

  /** Creates its table. The ledger is written first, so that it knows of every snapshot's table. */
  async start(): Promise<void> {
    await this.#record('started');
    await this.#options.destination.createSnapshot(this.#basis.table, this.#basis.id);
  }

  /**
   * Makes sure that the destination holds all rows that were loaded, and returns the number of distinct items.
   *
   * A chunk may be there twice, if the answer to its load was lost; then every key must still be there. If an earlier run
   * was killed, pages are read again, and items may have been deleted in between: then there are more keys. A server may
   * also return an item twice that moved during the scan.
   *
   * @param loaded Rows that were loaded.
   * @throws {TailraceError} `snapshot-incomplete` if it holds less, or other rows.
   */
  async finish(loaded: number): Promise<number> {
    const { table, id } = this.#basis;
    const { rows, keys } = await this.#options.destination.countSnapshot(table, id);
    const isWhole = this.#options.known ? keys >= loaded : keys === loaded;
    if (rows !== loaded && (rows < loaded || !isWhole)) throw this.#otherRows({ loaded, rows, keys });
    this.#itemCount = keys;
    await this.#record('finished');
    return keys;
  }

  /**
   * Makes sure that the destination still holds what an earlier run loaded.
   *
   * @throws {TailraceError} `snapshot-incomplete` if it doesn't.
   */
  async assertLoaded(loaded: number): Promise<void> {
    if (loaded === 0) return;
    const { table, id } = this.#basis;
    const count = await this.#options.destination.countSnapshot(table, id).catch((error: unknown) => {
      if (isKind(error, 'destination-missing')) return { rows: 0, keys: 0 };
      throw error;
    });
    if (count.rows < loaded) throw this.#otherRows({ loaded, ...count });
  }

  #otherRows(counts: { readonly loaded: number; readonly rows: number; readonly keys: number }): TailraceError {
    const { table, id } = this.#basis;
    // A load that is there twice and keys that the source gave twice look the same as missing rows.
    const isDoubtful = counts.rows > counts.loaded && counts.keys < counts.loaded;
    const what = isDoubtful
      ? `Snapshot ${id} may lack rows: some are there twice, as after a run that was killed, and there are fewer keys than ` +
        'rows were loaded, as where the source gives a key more than once'
      : `Snapshot ${id} holds other rows than were loaded`;
    return new TailraceError('snapshot-incomplete', what, { context: { table: table.name, ...counts } });
  }

  /**
   * Makes the latest view stand on it, in place of what it stood on when this snapshot began and of nothing else.
   *
   * @returns What that changes: see {@link difference}.
   * @throws {TailraceError} `snapshot-superseded` if it stands on something else by now.
   */
  async publish(): Promise<StateDifference | null> {
    const { table, id, expected } = this.#basis;
    const { destination } = this.#options;
    const difference = await this.difference();
    try {
      await destination.publish(table, this.#published, expected);
    } catch (error) {
      // The answer alone may have been lost: then the view stands on it.
      if ((await destination.published(table))?.snapshotId !== id) throw error;
    }
    await this.recordPublished();
    return difference;
  }

  /** How publishing it changes the latest view; `null` if that can't be counted any more. */
  difference(): Promise<StateDifference | null> {
    const { table, expected } = this.#basis;
    return countDifference(this.#options, table, expected, this.#published);
  }

  /** Drops it, unless it is published. Logs a failure to drop it, so that the failure before stays the answer. */
  async discard(): Promise<void> {
    const { table, id } = this.#basis;
    const { destination, log } = this.#options;
    try {
      if ((await destination.published(table))?.snapshotId === id) return;
      await destination.dropSnapshot(table, id);
      await this.#record('dropped');
    } catch (error) {
      log.warn('unpublished snapshot left behind', { ...this.#fields(), error: nameOf(error) });
    }
  }

  /** Records in the ledger that it is published, unless that is recorded. */
  recordPublished(): Promise<void> {
    return recordPublished(this.#record('published'), this.#options.log, this.#fields());
  }

  async #record(event: LedgerEventName): Promise<void> {
    if (this.#known.has(event)) return;
    const { table, streamArn, id, startedAt, generation, expected } = this.#basis;
    const { destination, clock, actor } = this.#options;
    await destination.record({
      at: clock.now(),
      event,
      tableName: table.name,
      tableArn: table.arn,
      tableId: table.tableId,
      snapshotId: id,
      kind: 'scan',
      streamArn,
      startedAt,
      floor: floorOf(startedAt),
      generation,
      baseSnapshotId: expected.snapshotId,
      itemCount: this.#itemCount,
      actor,
    });
    this.#known.add(event);
  }

  /** What the latest view stands on once this is published. */
  get #published(): Published {
    const { id, startedAt, streamArn: arn, generation } = this.#basis;
    return { snapshotId: id, floor: floorOf(startedAt), streamLabel: streamArn(arn).label, generation };
  }

  #fields() {
    return { table: this.#basis.table.name, snapshot: this.#basis.id };
  }
}
