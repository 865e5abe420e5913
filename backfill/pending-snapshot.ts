import type { Clock } from '../src/clock.ts';
import type { MadeSnapshot, SnapshotStore, StateDifference } from '../src/destination/snapshot-store.ts';
import { isKind, nameOf, TailraceError } from '../src/errors.ts';
import type { Log } from '../src/log.ts';
import { floorOf } from '../src/snapshot/floor.ts';
import { type LedgerEventName, publishedOver, type SnapshotFacts } from '../src/snapshot/ledger.ts';
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
  /** See {@link Published}. */
  readonly from: number;
  readonly generation: number;
  /** What the state stood on then. The snapshot may replace that, or a compaction of it. */
  readonly expected: Published;
};

export type PendingSnapshotOptions = {
  readonly destination: Pick<
    SnapshotStore,
    | 'published'
    | 'createLoad'
    | 'countLoad'
    | 'makeSnapshot'
    | 'describeSnapshot'
    | 'compareStates'
    | 'publish'
    | 'dropSnapshot'
    | 'record'
  >;
  readonly clock: Clock;
  readonly log: Log;
  /** Who runs it: user and host. */
  readonly actor: string;
  /** The events that the ledger has of it, if an earlier run began it. */
  readonly known?: ReadonlySet<LedgerEventName>;
};

/**
 * A scan's snapshot until it is published. The state is without it before; the ledger records each step.
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

  /** Creates the table that it is loaded into. The ledger is written first, so that it knows of every snapshot's table. */
  async start(): Promise<void> {
    const { table, id } = this.#basis;
    await this.#record('started');
    if ((await this.#made()) === undefined) await this.#options.destination.createLoad(table, id);
  }

  /**
   * Makes sure that the destination holds all rows that were loaded, makes the snapshot of them, and returns the number of
   * distinct items.
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
    const { destination, known } = this.#options;
    const before = await this.#made();
    let counts = { rows: loaded, keys: before?.itemCount ?? loaded };
    if (before === undefined) {
      counts = await destination.countLoad(table, id);
      const isWhole = known ? counts.keys >= loaded : counts.keys === loaded;
      if (counts.rows !== loaded && (counts.rows < loaded || !isWhole)) throw this.#otherRows({ loaded, ...counts });
    }
    // Again if it is made: an earlier run may have been killed before what was loaded was dropped.
    const { itemCount } = await destination.makeSnapshot(table, this.#facts, counts.rows !== counts.keys);
    if (itemCount !== counts.keys) throw this.#otherRows({ loaded, rows: itemCount, keys: counts.keys });
    this.#itemCount = itemCount;
    await this.#record('finished');
    return itemCount;
  }

  /**
   * Makes sure that the destination still holds what an earlier run loaded.
   *
   * @throws {TailraceError} `snapshot-incomplete` if it doesn't.
   */
  async assertLoaded(loaded: number): Promise<void> {
    if (loaded === 0 || (await this.#made()) !== undefined) return;
    const { table, id } = this.#basis;
    const count = await this.#options.destination.countLoad(table, id).catch((error: unknown) => {
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
   * Makes the state stand on it, in place of what it stood on when this snapshot began, or of a compaction of that.
   *
   * @returns What it replaced, and what that changed: see {@link difference}.
   * @throws {TailraceError} `snapshot-superseded` if the state stands on something else by now; `snapshot-outdated` if the
   *   changelog has lost rows that it needs.
   */
  async publish(): Promise<{ readonly replaced: SnapshotId | null; readonly difference: StateDifference | null }> {
    const { table, id, expected } = this.#basis;
    const { destination } = this.#options;
    // By now it may be a compaction, and what that one folded may be dropped.
    let replaced = (await destination.published(table)) ?? expected;
    const difference = await this.difference(replaced);
    try {
      replaced = await destination.publish(table, { next: this.#published, startedFrom: expected, by: 'reading' });
    } catch (error) {
      // The answer alone may have been lost: then the state goes back to it.
      if ((await destination.published(table))?.reading !== id) throw error;
    }
    await this.recordPublished();
    return { replaced: replaced.snapshotId, difference };
  }

  /** How publishing it in place of `before` changes the state; `null` if that can't be counted any more. */
  difference(before = this.#basis.expected): Promise<StateDifference | null> {
    return countDifference(this.#options, this.#basis.table, before, this.#published);
  }

  /** Drops it, unless the state goes back to it. Logs a failure to drop it, so that the failure before stays the answer. */
  async discard(): Promise<void> {
    const { table, id } = this.#basis;
    const { destination, log } = this.#options;
    try {
      if ((await destination.published(table))?.reading === id) return;
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
    const { destination, clock, actor } = this.#options;
    await destination.record({ ...this.#facts, at: clock.now(), event, actor });
    this.#known.add(event);
  }

  /** Its facts in the destination, once it is made of what was loaded. */
  #made(): Promise<MadeSnapshot | undefined> {
    return this.#options.destination.describeSnapshot(this.#basis.table, this.#basis.id);
  }

  get #facts(): SnapshotFacts {
    const { table, streamArn, id, startedAt, from, generation, expected } = this.#basis;
    return {
      tableName: table.name,
      tableArn: table.arn,
      tableId: table.tableId,
      snapshotId: id,
      kind: 'scan',
      streamArn,
      startedAt,
      floor: floorOf(startedAt),
      from,
      reading: id,
      folded: null,
      generation,
      baseSnapshotId: expected.snapshotId,
      itemCount: this.#itemCount,
    };
  }

  /** What the state stands on once this is published. */
  get #published(): Published {
    return publishedOver(this.#facts);
  }

  #fields() {
    return { table: this.#basis.table.name, snapshot: this.#basis.id };
  }
}
