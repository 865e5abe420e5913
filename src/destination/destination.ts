import type { HeldChange } from '../changelog/held-change.ts';
import type { ChangelogRow } from '../changelog/row.ts';
import type { LedgerEvent } from '../snapshot/ledger.ts';
import type { Published } from '../snapshot/published.ts';
import type { KeyDigest } from '../snapshot/row.ts';
import type { SnapshotId } from '../snapshot/snapshot-id.ts';
import type { SourceTable } from '../source/source-table.ts';
import type { KeySample } from '../views/sample.ts';
import type { TypedView } from '../views/typed.ts';
import type { RowFile } from './row-file.ts';

/**
 * Where changes go: changelog, snapshots and views of any number of source tables.
 *
 * All methods reject with a `TailraceError` of a `destination-…` kind, or of the kinds they name, and with nothing else
 * that is expected. Everything may be called again after a rejection: appending twice is harmless by the views'
 * construction, creating what exists is no error.
 *
 * The interface is the sum of what its users need; each of them takes only its part.
 */
export interface Destination
  extends ChangelogAppender,
    TableSetup,
    SnapshotStore,
    LatestReader,
    ViewStore,
    Comparer,
    GapFinder,
    SqlReader,
    AsyncDisposable {
  /** As a user names it, such as `duckdb:shop.duckdb` or `bigquery:project.dataset`. */
  readonly name: string;
}

/** A row the destination refused for what it holds: sending it again can't help. */
export type Rejection = {
  /** Index into the rows that were given. */
  readonly index: number;
  /** Why, in words that hold no value of the row. */
  readonly reason: string;
  readonly kind: 'row-rejected' | 'row-too-large';
};

export interface ChangelogAppender {
  /**
   * Appends rows to the changelog of `table`, in any order: their positions carry the order.
   *
   * When it resolves, every row is either durable or among the returned rejections; there is no third fate. When it
   * rejects, none may be assumed written, any may have been, and the caller sends all of them again.
   */
  append(table: SourceTable, rows: readonly ChangelogRow[], options?: AppendOptions): Promise<readonly Rejection[]>;
}

export type AppendOptions = {
  /** Stop retrying, and reject, when this many milliseconds since the epoch have come. */
  readonly deadline?: number;
};

/** What {@link TableSetup.prepare} found and did. */
export type Preparation = {
  /** Tables and views that it created, by name. Empty if all was there. */
  readonly created: readonly string[];
};

export interface TableSetup {
  /**
   * Creates what is missing for `table`: the ledger, its changelog and its latest view; and remembers the source.
   *
   * When it resolves, all of them exist and belong to `table`. What exists is left as it is.
   *
   * @throws {TailraceError} `destination-conflict`, before anything is created, if one of the names is another source's
   *   or isn't Tailrace's, or if the table was deleted and made anew (another TableId).
   */
  prepare(table: SourceTable, generation: number): Promise<Preparation>;

  /** The source tables whose changes are kept here, in order of their names. */
  sources(): Promise<readonly SourceTable[]>;
}

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

  /** Creates the empty table of a snapshot. Nobody sees it until it is published. */
  createSnapshot(table: SourceTable, id: SnapshotId): Promise<void>;

  /**
   * Loads rows into a snapshot. When it resolves, they are durable.
   *
   * @param chunk Names these rows within the snapshot: `[A-Za-z0-9_-]+`. The same rows under the same name may be
   *   loaded twice, which the views tolerate.
   * @param rows Read while it runs; whose they are, and when they go, is the caller's business.
   */
  loadSnapshot(table: SourceTable, id: SnapshotId, chunk: string, rows: RowFile): Promise<void>;

  /** How much one load should hold at most: memory is bounded by it. Where loads are counted, it is large. */
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
   * Both are read as the views over them would show them now, at one moment; nothing is changed.
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
   * Drops a snapshot's table; none is no error.
   *
   * @throws {TailraceError} `destination-conflict` if the latest view stands on it; nothing is dropped then.
   */
  dropSnapshot(table: SourceTable, id: SnapshotId): Promise<void>;

  /** Appends to the ledger. When it resolves, the event is durable. */
  record(event: LedgerEvent): Promise<void>;

  /** All events of a table's snapshots, oldest first. */
  ledger(table: SourceTable): Promise<readonly LedgerEvent[]>;
}

/** An item as the latest view has it. */
export type LatestRow = { readonly key: string; readonly digest: string; readonly item: string };

/** What a changelog holds. Times are milliseconds since the epoch; `null` in an empty changelog. */
export type ChangelogStatus = {
  readonly rows: number;
  readonly newestChangedAt: number | null;
  readonly newestIngestedAt: number | null;
  /** Greatest position of all. */
  readonly newestPosition: string | null;
};

export interface LatestReader {
  /** The rows of the latest view with one of `keys`, at most a thousand; absent keys have no row. */
  lookup(table: SourceTable, keys: readonly string[]): Promise<ReadonlyMap<string, LatestRow>>;

  /**
   * Keys and digests of a random part of the latest view, in order of the keys' text, at most `limit` of them.
   *
   * @param after Only those behind this one; `null` begins.
   */
  sampleLatest(
    table: SourceTable,
    sample: KeySample,
    limit: number,
    after: string | null,
  ): Promise<readonly KeyDigest[]>;

  changelogStatus(table: SourceTable): Promise<ChangelogStatus>;

  /** Number of items in the latest view. */
  countLatest(table: SourceTable): Promise<number>;
}

/** What became of a typed view, or what would. */
export type AppliedView = { readonly name: string; readonly action: 'created' | 'replaced' };

/** How many items a typed view has, and for each of its columns how many values don't fit and are NULL there. */
export type Misfits = { readonly items: number; readonly byColumn: readonly number[] };

export interface ViewStore {
  /**
   * Creates typed views over the latest view of `table`, or replaces those that it made before; with the columns'
   * descriptions where they have one. Each view is replaced atomically: whoever reads it sees the old one or the new one.
   *
   * What exists of each name is looked at before anything is changed. Only views are ever replaced, and only those of
   * this table that nobody edited since.
   *
   * @param options.dryRun Refuse what would be refused, say what would be done, and change nothing.
   * @returns One entry for each view, in their order.
   * @throws {TailraceError} `destination-conflict` if a table has one of the names, or a view that isn't Tailrace's, is
   *   another source's, or was edited by hand; `destination-missing` if the table has no latest view.
   */
  applyViews(
    table: SourceTable,
    views: readonly TypedView[],
    options?: { readonly dryRun?: boolean },
  ): Promise<readonly AppliedView[]>;

  /** Counts what doesn't fit a typed view, which need not be applied for it. Reads the columns' attributes of every item. */
  countMisfits(table: SourceTable, view: TypedView): Promise<Misfits>;
}

/** How a key differs: in the source only, in the latest view only, or other in both. */
export type Finding = { readonly key: string; readonly finding: 'missing' | 'extra' | 'different' };

/**
 * Which keys are compared: those of `both` sides, or those of the `source` alone. Where only a part of the source was
 * read, nothing can be said of the others.
 */
export type ComparisonScope = 'both' | 'source';

export type ComparisonCounts = {
  /** Distinct keys that were read of the source. */
  readonly source: number;
  /** Rows of the latest view; of scope `source`, those with one of these keys. */
  readonly latest: number;
  /** Keys that differ. */
  readonly differing: number;
};

/** How a reading of the source compares with the latest view as it is when it is asked; made inside the destination. */
export interface Comparison {
  counts(scope: ComparisonScope): Promise<ComparisonCounts>;
  /**
   * The keys that differ, in order of their text, at most `limit` of them.
   *
   * @param after Only those behind this one; `null` begins.
   */
  findings(scope: ComparisonScope, limit: number, after: string | null): Promise<readonly Finding[]>;
  /** About `count` keys that agree, taken at random. */
  sampleAgreeing(count: number): Promise<readonly string[]>;
}

/** A comparison with what is added to it. */
export interface SourceComparison extends Comparison, AsyncDisposable {
  /** Adds what was read of the source. When it resolves, it counts. A key may be added twice. */
  add(rows: readonly KeyDigest[]): Promise<void>;
}

export interface Comparer {
  /**
   * Starts a comparison with the latest view of `table`. Disposing of it leaves nothing behind.
   *
   * @param id Names what it keeps in the destination meanwhile: `[a-z0-9]+`, unique.
   */
  compare(table: SourceTable, id: string): Promise<SourceComparison>;

  /** Compares a snapshot that is in the destination already, published or not, as a reading of the source. */
  compareSnapshot(table: SourceTable, id: SnapshotId): Comparison;
}

/**
 * Changes that follow each other in a shard, are not in the changelog, and are so for the same reason. A long row of them
 * may be given as several ranges.
 */
export type GapRange = {
  readonly shardId: string;
  /** `missing`, unless it is too young to tell (`in-flight`) or among the dead letters (`parked`). */
  readonly standing: 'missing' | 'in-flight' | 'parked';
  /** The first and the last sequence number, both part of it, as the stream spells them. */
  readonly from: string;
  readonly to: string;
  /** The position of the last. */
  readonly position: string;
  /** The number of the last among what was looked at of its shard: no two changes share one, as they may a position. */
  readonly ordinal: number;
  readonly records: number;
};

/** How many distinct changes a stream holds, and how they stand to the changelog. */
export type GapCounts = Readonly<Record<GapRange['standing'] | 'held', number>>;

/** The comparison of what a stream holds with the changelog, made inside the destination. */
export interface GapSearch extends AsyncDisposable {
  /** Adds changes that the stream holds. When it resolves, they count. One may be added twice. */
  add(changes: readonly HeldChange[]): Promise<void>;
  /** @param settledUntil What changed after this, in milliseconds since the epoch, may still be on its way. */
  counts(settledUntil: number): Promise<GapCounts>;
  /**
   * The changes that the changelog doesn't have at the time of the call, as ranges in order of shard and position.
   *
   * @param after The last range of those that were given before; `null` begins.
   */
  ranges(settledUntil: number, limit: number, after: GapRange | null): Promise<readonly GapRange[]>;
}

export interface GapFinder {
  /**
   * Starts a search for changes that the changelog of `table` doesn't have, by position and key. Disposing of it leaves
   * nothing behind.
   *
   * @param id Names what it keeps in the destination meanwhile: `[a-z0-9]+`, unique.
   * @throws {TailraceError} `destination-missing` if the table has no changelog.
   */
  findGaps(table: SourceTable, id: string): Promise<GapSearch>;
}

/** A value of a query's result: JSON columns are parsed, integers beyond a double and decimals are text. */
export type SqlValue = string | number | boolean | null | readonly SqlValue[] | { readonly [name: string]: SqlValue };

export type SqlResult = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
};

export interface SqlReader {
  /**
   * Runs one statement of a person's and gives its rows.
   *
   * @param signal Gives the statement up when it aborts, where the destination can.
   * @throws {TailraceError} `query-invalid` if the destination can't make sense of it, `interrupted` if it was given up.
   */
  query(sql: string, signal?: AbortSignal): Promise<SqlResult>;
}
