import type { ChangelogRow } from '../changelog/row.ts';
import type { ChangelogSettings } from '../changelog/storage.ts';
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { KeyDigest } from '../snapshot/row.ts';
import type { Sighting } from '../source/sighting.ts';
import type { SourceTable } from '../source/source-table.ts';
import type { KeySample } from '../views/sample.ts';
import type { Comparer } from './comparer.ts';
import type { GapFinder } from './gap-finder.ts';
import type { ItemSampler } from './item-sampler.ts';
import type { KnownChangelog } from './known-table.ts';
import type { RowExporter } from './row-exporter.ts';
import type { RowRetention } from './row-retention.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import type { SqlRunner } from './sql-runner.ts';
import type { TableRemoval } from './table-removal.ts';
import type { ViewStore } from './view-store.ts';

export type { SqlResult, SqlRunner, SqlValue } from './sql-runner.ts';

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
    TableRemoval,
    SnapshotStore,
    RowRetention,
    LatestReader,
    ItemSampler,
    ViewStore,
    Comparer,
    GapFinder,
    SqlRunner,
    RowExporter,
    AsyncDisposable {
  /** As a user names it, such as `duckdb:shop.duckdb` or `bigquery:project.dataset`. */
  readonly name: string;
}

/** What every destination takes from outside: time and chance, so that tests own both. */
export type DestinationDeps = { readonly clock: Clock; readonly random: Random };

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

/** How the changelog is to be stored; where it isn't given, as the changelog that is there, or by the defaults. */
export type PreparationOptions = Partial<ChangelogSettings> & {
  /** What DynamoDB has just reported of the table, to be remembered too. @default null, if it wasn't asked */
  readonly seen?: Sighting | null;
};

/** What {@link TableSetup.prepare} found and did. */
export type Preparation = {
  /** Tables and views that it created, by name. Empty if all was there. */
  readonly created: readonly string[];
  /** Objects that had lost their annotation, as in an export and import, were recognised and have it again. @default none */
  readonly recognised?: readonly string[];
};

export interface TableSetup {
  /**
   * Creates what is missing for `table`: the ledger, its changelog and its latest view; and remembers the source.
   *
   * When it resolves, all of them exist and belong to `table`. What exists is left as it is, but for the history that is
   * promised: another one is remembered.
   *
   * @throws {TailraceError} before anything is created: `destination-conflict` if one of the names is another source's
   *   or isn't Tailrace's, if the table was deleted and created again (another TableId), or if the changelog was made by
   *   another version of Tailrace, or has other partitions than are wished; `usage-invalid` if the history that is wished
   *   takes too many partitions.
   */
  prepare(table: SourceTable, generation: number, options?: PreparationOptions): Promise<Preparation>;

  /**
   * What {@link prepare} would do now. Nothing is changed.
   *
   * @throws {TailraceError} `destination-missing` if the destination itself isn't there; otherwise as `prepare` does.
   */
  preview(table: SourceTable, generation: number, options?: PreparationOptions): Promise<Preparation>;

  /** The source tables with a changelog here, in order of their names; also one of another version of Tailrace. */
  sources(): Promise<readonly SourceTable[]>;

  /**
   * The table whose changelog is here under a name; `undefined` if none is.
   *
   * Every command that is about one table calls it, or {@link prepare}, before it reads or writes anything else of it.
   *
   * @throws {TailraceError} `destination-missing` if the destination itself isn't there, where that is noticed;
   *   `destination-conflict` if the changelog was made by another version of Tailrace.
   */
  known(tableName: string): Promise<KnownChangelog | undefined>;
}

/** An item as the latest view has it. */
export type LatestRow = { readonly key: string; readonly digest: string; readonly item: string };

/**
 * What a changelog holds: the number of all its rows, and what is newest among the recent ones. Times are milliseconds
 * since the epoch; `null` where no row is recent.
 */
export type ChangelogStatus = {
  /** About: all rows, as the destination's catalogue counts them. `null` if it doesn't. */
  readonly rows: number | null;
  /** The recent rows, exactly. */
  readonly recentRows: number;
  readonly newestChangedAt: number | null;
  readonly newestIngestedAt: number | null;
  /** Greatest position of the recent rows. */
  readonly newestPosition: string | null;
};

export interface LatestReader {
  /** The rows of the latest view with one of `keys`, at most a thousand; absent keys have no row. */
  lookup(table: SourceTable, keys: readonly string[]): Promise<ReadonlyMap<string, LatestRow>>;

  /**
   * Keys and digests of a random part of the latest view, in order of the keys' text, at most `limit` of them.
   *
   * @param after Only keys after this one; `null` begins.
   */
  sampleLatest(
    table: SourceTable,
    sample: KeySample,
    limit: number,
    after: string | null,
  ): Promise<readonly KeyDigest[]>;

  /**
   * Looks at the recent rows of a changelog, and reads no older ones: history grows for ever, and reading it costs.
   *
   * @param since A row is recent if it was ingested since, in milliseconds since the epoch; `null`: all are.
   */
  changelogStatus(table: SourceTable, since: number | null): Promise<ChangelogStatus>;

  /** Number of items in the latest view. */
  countLatest(table: SourceTable): Promise<number>;
}
