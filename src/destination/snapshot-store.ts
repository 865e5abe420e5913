import type { LedgerEvent } from '../snapshot/ledger.ts';
import type { Published } from '../snapshot/published.ts';
import type { SnapshotRow } from '../snapshot/row.ts';
import type { SnapshotId } from '../snapshot/snapshot-id.ts';
import type { SourceTable } from '../source/source-table.ts';
import type { RowFile } from './row-file.ts';

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

export interface SnapshotStore {
  /** What the latest view stands on, read from the view itself; `undefined` if there is no such view. */
  published(table: SourceTable): Promise<Published | undefined>;

  /** Creates the empty table of a snapshot. No view shows it until it is published. */
  createSnapshot(table: SourceTable, id: SnapshotId): Promise<void>;

  /**
   * Loads rows into a snapshot. When it resolves, they are durable.
   *
   * @param chunk Names these rows within the snapshot: `[A-Za-z0-9_-]+`. The same rows under the same name may be
   *   loaded twice, which the views tolerate.
   * @param rows Read while it runs. The caller owns the file and deletes it.
   */
  loadSnapshot(table: SourceTable, id: SnapshotId, chunk: string, rows: RowFile<SnapshotRow>): Promise<void>;

  /** Most characters of one load. Small where a load takes memory, large where a table takes a limited number of loads. */
  readonly maxLoadCharacters: number;

  /** How many rows and how many distinct keys a snapshot holds. */
  countSnapshot(table: SourceTable, id: SnapshotId): Promise<{ readonly rows: number; readonly keys: number }>;

  /**
   * Bytes that a snapshot takes up: in BigQuery those that are billed as storage, in DuckDB the blocks of the file that
   * its rows are in. `null` if its table isn't there.
   */
  snapshotBytes(table: SourceTable, id: SnapshotId): Promise<number | null>;

  /**
   * How the state would change if the latest view stood on `after` in place of `before`, by the digests of the items.
   * Both are read as the views over them would show them now, each key of both at one moment; nothing is changed.
   *
   * @throws {TailraceError} `destination-missing` if the snapshot of one of them is not there.
   */
  compareStates(table: SourceTable, before: Published, after: Published): Promise<StateDifference>;

  /**
   * Makes the latest view stand on `next`, atomically, if it stands on `expected` now: compare-and-swap.
   *
   * @throws {TailraceError} `snapshot-superseded` if it stands on something else; nothing is changed then.
   */
  publish(table: SourceTable, next: Published, expected: Published): Promise<void>;

  /**
   * Drops a snapshot's table. It is no error if it doesn't exist.
   *
   * @throws {TailraceError} `destination-conflict` if the latest view stands on it; nothing is dropped then.
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
