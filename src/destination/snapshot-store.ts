import type { LedgerEvent, SnapshotFacts } from '../snapshot/ledger.ts';
import type { Publication } from '../snapshot/publication-rule.ts';
import type { Published } from '../snapshot/published.ts';
import type { SnapshotRow } from '../snapshot/row.ts';
import type { SnapshotId } from '../snapshot/snapshot-id.ts';
import type { SourceTable } from '../source/source-table.ts';
import type { RowFile } from './row-file.ts';
import type { SqlEstimate } from './sql-runner.ts';

/** How one state of a table differs from another, in items. */
export type StateDifference = {
  /** Only in the later one. */
  readonly added: number;
  /** Only in the earlier one. */
  readonly removed: number;
  /** In both, with other contents. */
  readonly different: number;
  readonly unchanged: number;
};

/** What is known of a snapshot once it is made. */
export type MadeSnapshot = SnapshotFacts & { readonly itemCount: number };

/** What a compaction reads, and what that costs. */
export type CompactionEstimate = {
  /** What its statement would read and bill. */
  readonly bill: SqlEstimate;
  /** Rows of the changelog that a query of the state reads now. */
  readonly tailRows: number;
  /** Rows of the snapshot that the state stands on, tombstones included; 0 without one. */
  readonly snapshotRows: number;
};

/** Options of what reads whole tables. */
export type FoldOptions = {
  readonly signal?: AbortSignal;
};

export interface SnapshotStore {
  /**
   * What the state of a table stands on, read from the view itself; `undefined` if there is no such view.
   *
   * @throws {TailraceError} `destination-conflict` if it isn't the view that Tailrace made.
   */
  published(table: SourceTable): Promise<Published | undefined>;

  /**
   * The `from` of a reading that begins now: no row that counts over it is ingested before, unless it is there already and
   * counts by this time.
   *
   * @param floor The reading's floor.
   */
  readingFrom(table: SourceTable, floor: number): Promise<number>;

  /** The `from` of a compaction that begins now: what it doesn't see is ingested later. */
  foldFrom(table: SourceTable): Promise<number>;

  /** Creates the empty table into which a backfill loads, or puts off its expiry. No view ever shows it. */
  createLoad(table: SourceTable, id: SnapshotId): Promise<void>;

  /**
   * Loads rows of a snapshot. When it resolves, they are durable.
   *
   * @param chunk Names these rows within the snapshot: `[A-Za-z0-9_-]+`. The same rows under the same name may be
   *   loaded twice: the snapshot has each key once all the same.
   * @param rows Read while it runs. The caller owns the file and deletes it.
   */
  loadSnapshot(table: SourceTable, id: SnapshotId, chunk: string, rows: RowFile<SnapshotRow>): Promise<void>;

  /** Most characters of one load. Small where a load takes memory, large where a table takes a limited number of loads. */
  readonly maxLoadCharacters: number;

  /**
   * How many rows were loaded, with how many distinct keys.
   *
   * @throws {TailraceError} `destination-missing` if nothing was.
   */
  countLoad(table: SourceTable, id: SnapshotId): Promise<{ readonly rows: number; readonly keys: number }>;

  /**
   * Makes a snapshot of what was loaded: each key once, with the typed columns in force. When it resolves, the snapshot is
   * whole and durable, and its annotation has its facts. It may be called again after a failure at any point.
   *
   * @param isRepeated Whether a key was loaded more than once.
   */
  makeSnapshot(table: SourceTable, facts: SnapshotFacts, isRepeated: boolean): Promise<MadeSnapshot>;

  /**
   * Makes a snapshot of the state over `base`, tombstones included. When it resolves, the snapshot is whole and durable, and
   * its annotation has its facts. Rows that are appended meanwhile are in it or not: they count over it either way.
   *
   * @param facts Its `from` is that of {@link foldFrom}, taken before. Tombstones before its floor are left out.
   * @throws {TailraceError} `destination-missing` if a snapshot that `base` stands on is not there.
   */
  foldSnapshot(table: SourceTable, facts: SnapshotFacts, base: Published, options?: FoldOptions): Promise<MadeSnapshot>;

  /** Whether a fold goes on when the process that started it ends: called again with the same facts, it waits for that one. */
  readonly foldsInJobs: boolean;

  /** What {@link foldSnapshot} would read. Nothing is changed. */
  estimateFold(table: SourceTable, base: Published): Promise<CompactionEstimate>;

  /** The facts of a snapshot that is whole, from its own annotation; `undefined` if there is no such snapshot. */
  describeSnapshot(table: SourceTable, id: SnapshotId): Promise<MadeSnapshot | undefined>;

  /**
   * Bytes that a snapshot takes up, or else what was loaded for it: in BigQuery those that are billed as storage, in DuckDB
   * the blocks of the file that its rows are in. `null` if neither is there.
   */
  snapshotBytes(table: SourceTable, id: SnapshotId): Promise<number | null>;

  /**
   * How the state would change if it stood on `after` in place of `before`, by the digests of the items. Both are read as
   * they would be now, each key of both at one moment; nothing is changed.
   *
   * @throws {TailraceError} `destination-missing` if the snapshot of one of them is not there.
   */
  compareStates(table: SourceTable, before: Published, after: Published): Promise<StateDifference>;

  /**
   * Makes the state stand on a snapshot, atomically, if the rule of publication allows it over what the state stands on at
   * that moment: compare-and-swap. The typed columns in force stay.
   *
   * @returns What the state stood on.
   * @throws {TailraceError} `snapshot-superseded` if it may not replace that; `snapshot-outdated` if the changelog lacks rows
   *   that it needs; `destination-missing` if the snapshot isn't there; `destination-conflict` if its annotation says otherwise.
   *   Nothing is changed then.
   */
  publish(table: SourceTable, publication: Publication): Promise<Published>;

  /**
   * Drops a snapshot's table, and what was loaded for it. It is no error if neither exists.
   *
   * @throws {TailraceError} `destination-conflict` if the state stands on it; nothing is dropped then.
   */
  dropSnapshot(table: SourceTable, id: SnapshotId): Promise<void>;

  /** Appends to the ledger. When it resolves, the event is durable. */
  record(event: LedgerEvent): Promise<void>;

  /**
   * All events of the snapshots under a table's name, oldest first: also those of another table that had the name before,
   * whose snapshots may still be there.
   */
  ledger(table: Pick<SourceTable, 'name'>): Promise<readonly LedgerEvent[]>;
}
