import { CHANGELOG_COLUMNS } from '../../changelog/columns.ts';
import type { ChangelogRow, StampedRow } from '../../changelog/row.ts';
import { objectNames } from '../../names/object-names.ts';
import type { LedgerEvent } from '../../snapshot/ledger.ts';
import type { Published } from '../../snapshot/published.ts';
import type { SnapshotRow } from '../../snapshot/row.ts';
import type { SnapshotId } from '../../snapshot/snapshot-id.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { changelogCount, latestCount, snapshotCount } from '../../views/counts.ts';
import { duckdb } from '../../views/duckdb.ts';
import type { KeyCondition } from '../../views/key-condition.ts';
import { ledgerSelect } from '../../views/ledger.ts';
import { LOOKUP_KEYS, lookupSelect } from '../../views/lookup.ts';
import { misfitCount } from '../../views/misfits.ts';
import { type KeySample, sampleSelect } from '../../views/sample.ts';
import { shapeSelect } from '../../views/shapes.ts';
import { snapshotTable } from '../../views/table-definition.ts';
import type { TypedView } from '../../views/typed.ts';
import { writeAnnotation } from '../annotation.ts';
import type { Comparison, SourceComparison } from '../comparer.ts';
import { changelogStatus, itemShape, misfits, snapshotCounted } from '../count-rows.ts';
import type {
  AppliedView,
  ChangelogStatus,
  Destination,
  DestinationDeps,
  ItemShapes,
  LatestRow,
  Misfits,
  Preparation,
  PreparationOptions,
  SqlResult,
} from '../destination.ts';
import type { GapSearch } from '../gap-finder.ts';
import type { KnownChangelog, RememberedTable } from '../known-table.ts';
import { ledgerEvent } from '../ledger-event.ts';
import { requireThisFormat } from '../other-format.ts';
import type { RowFile } from '../row-file.ts';
import type { StateDifference } from '../snapshot-store.ts';
import { keyDigestOf, number, type SqlRow, text } from '../sql-row.ts';
import type { SqlEstimate } from '../sql-runner.ts';
import type { OwnedObject, OwnedObjects } from '../table-removal.ts';
import { boundedRows } from './bounded-rows.ts';
import { Catalog, estimatedRows } from './catalog.ts';
import { compareStates } from './compare-states.ts';
import { comparisonOf, startComparison } from './comparison.ts';
import { type Database, DatabaseFile } from './database-file.ts';
import { startGapSearch } from './gap-search.ts';
import { sumOfParts, tablesOfLatest } from './key-parts.ts';
import { recordEvent } from './ledger.ts';
import { loadRows } from './load-rows.ts';
import { tick } from './logical-clock.ts';
import { dropSnapshot, publish, readPublished } from './publish.ts';
import { dropObject, ownedObjects } from './remove.ts';
import { knownIn, prepare, preview } from './setup.ts';
import { snapshotBytes } from './snapshot-bytes.ts';
import { estimateRows, runQueryStatement, runStatement } from './statement.ts';
import { applyViews } from './typed-views.ts';

/** Changes come in few rows at a time: DuckDB merges one group of them whenever the file is closed. */
const ALLOW_MERGE = 'SET max_vacuum_tasks = 1';

/**
 * A DuckDB file as a destination.
 *
 * Only `prepare` makes the file. It is never open for long: see {@link DatabaseFile}.
 */
export class DuckDbDestination implements Destination {
  readonly name: string;
  /** A load of this size takes about 50 MB of memory, for items of any kind. */
  readonly maxLoadCharacters = 8 * 1024 * 1024;
  readonly #file: Database;
  readonly #deps: DestinationDeps;
  #disposed: Promise<void> | undefined;

  /** @param database The database to use instead of the file at `path`: in a simulation, one in memory. */
  constructor(path: string, deps: DestinationDeps, database: Database = DatabaseFile.acquire(path, deps)) {
    this.name = `duckdb:${path}`;
    this.#file = database;
    this.#deps = deps;
  }

  /** DuckDB takes every row that Tailrace writes: there are no rejections. */
  async append(table: SourceTable, rows: readonly ChangelogRow[]): Promise<readonly []> {
    const { changelog } = objectNames(table.name);
    if (rows.length === 0) return [];
    await this.#file.use(async (session) => {
      await session.run(ALLOW_MERGE);
      await session.transaction(async () => {
        const ingestedAt = await tick(session, this.#deps.clock.now());
        await session.append(
          changelog,
          CHANGELOG_COLUMNS,
          rows.map((row): StampedRow => ({ ...row, ingestedAt })),
        );
      });
    });
    return [];
  }

  prepare(table: SourceTable, generation: number, options: PreparationOptions = {}): Promise<Preparation> {
    const plan = { ...options, now: this.#deps.clock.now() };
    return this.#file.use((session) => prepare(session, table, generation, plan), { create: true });
  }

  preview(table: SourceTable, generation: number, options: PreparationOptions = {}): Promise<Preparation> {
    const plan = { ...options, now: this.#deps.clock.now() };
    return this.#file.use((session) => preview(session, table, generation, plan));
  }

  async sources(): Promise<readonly SourceTable[]> {
    return (await this.#known()).map(({ source }) => source);
  }

  async known(tableName: string): Promise<KnownChangelog | undefined> {
    const found = (await this.#known()).find(({ source }) => source.name === tableName);
    return found && requireThisFormat(found, this.name);
  }

  published(table: SourceTable): Promise<Published | undefined> {
    return this.#file.use((session) => readPublished(session, table));
  }

  createSnapshot(table: SourceTable, id: SnapshotId): Promise<void> {
    const comment = writeAnnotation({ of: 'snapshot', tableName: table.name });
    const statements = duckdb.createTable(snapshotTable(objectNames(table.name), id, comment));
    return this.#file.use((session) => session.transaction(() => session.run(...statements)));
  }

  loadSnapshot(table: SourceTable, id: SnapshotId, _chunk: string, rows: RowFile<SnapshotRow>): Promise<void> {
    return loadRows(this.#file, objectNames(table.name).snapshot(id), rows);
  }

  async countSnapshot(table: SourceTable, id: SnapshotId): Promise<{ readonly rows: number; readonly keys: number }> {
    const names = objectNames(table.name);
    const select = (among?: KeyCondition) => snapshotCount(duckdb, names, id, among);
    return snapshotCounted(await sumOfParts(this.#file, async () => [names.snapshot(id)], select));
  }

  snapshotBytes(table: SourceTable, id: SnapshotId): Promise<number | null> {
    return this.#file.use((session) => snapshotBytes(session, table, id));
  }

  compareStates(table: SourceTable, before: Published, after: Published): Promise<StateDifference> {
    return compareStates(this.#file, table, before, after);
  }

  publish(table: SourceTable, next: Published, expected: Published): Promise<void> {
    return this.#file.use((session) => publish(session, table, next, expected));
  }

  dropSnapshot(table: SourceTable, id: SnapshotId): Promise<void> {
    return this.#file.use((session) => dropSnapshot(session, table, id));
  }

  record(event: LedgerEvent): Promise<void> {
    return this.#file.use((session) => recordEvent(session, event));
  }

  async ledger(table: Pick<SourceTable, 'name'>): Promise<readonly LedgerEvent[]> {
    const rows = await this.#file.use((session) => session.rows(ledgerSelect(duckdb, table.name)));
    return rows.map(ledgerEvent);
  }

  async lookup(table: SourceTable, keys: readonly string[]): Promise<ReadonlyMap<string, LatestRow>> {
    const select = lookupSelect(duckdb, objectNames(table.name));
    const rows = await this.#file.use((session) => boundedRows(session, select, { [LOOKUP_KEYS]: keys }));
    return new Map(
      rows.map((row) => [
        text(row, 'key'),
        { key: text(row, 'key'), digest: text(row, 'digest'), item: text(row, 'item') },
      ]),
    );
  }

  async sampleLatest(table: SourceTable, sample: KeySample, limit: number, after: string | null) {
    const select = sampleSelect(duckdb, objectNames(table.name), sample, { limit, after });
    return (await this.#file.use((session) => boundedRows(session, select))).map(keyDigestOf);
  }

  async changelogStatus(table: SourceTable, since: number | null): Promise<ChangelogStatus> {
    const names = objectNames(table.name);
    const row = await this.#row(changelogCount(duckdb, names, since));
    return changelogStatus(row, await this.#file.use((session) => estimatedRows(session, names.changelog)));
  }

  async countLatest(table: SourceTable): Promise<number> {
    const select = (among?: KeyCondition) => latestCount(duckdb, objectNames(table.name), among);
    return number(await sumOfParts(this.#file, (session) => tablesOfLatest(session, table), select), 'items');
  }

  applyViews(
    table: SourceTable,
    views: readonly TypedView[],
    { dryRun = false } = {},
  ): Promise<readonly AppliedView[]> {
    return this.#file.use((session) => applyViews(session, table, views, dryRun));
  }

  async countMisfits(table: SourceTable, view: TypedView, listed: number): Promise<Misfits> {
    return misfits(await this.#row(misfitCount(duckdb, objectNames(table.name), view, listed)), view);
  }

  async itemShapes(table: SourceTable, sample: KeySample): Promise<ItemShapes> {
    const select = shapeSelect(duckdb, objectNames(table.name), sample);
    const rows = await this.#file.use((session) => boundedRows(session, select));
    return { isRead: true, shapes: rows.map(itemShape) };
  }

  ownedObjects(tableName: string): Promise<OwnedObjects> {
    return this.#file.use((session) => ownedObjects(session, tableName));
  }

  dropObject(tableName: string, object: OwnedObject): Promise<void> {
    return this.#file.use((session) => dropObject(session, tableName, object));
  }

  compare(table: SourceTable, id: string): Promise<SourceComparison> {
    return startComparison(this.#file, this.#deps, table, id);
  }

  compareSnapshot(table: SourceTable, id: SnapshotId): Comparison {
    return comparisonOf(this.#file, this.#deps, table, { snapshot: id });
  }

  findGaps(table: SourceTable, id: string): Promise<GapSearch> {
    return startGapSearch(this.#file, this.#deps, table, id);
  }

  query(sql: string, signal?: AbortSignal): Promise<SqlResult> {
    return this.#file.use(
      (session) => session.withConnection((connection) => runQueryStatement(connection, sql, signal)),
      { readOnly: true },
    );
  }

  execute(sql: string, signal?: AbortSignal): Promise<SqlResult> {
    return this.#file.use((session) => session.withConnection((connection) => runStatement(connection, sql, signal)));
  }

  async estimate(sql: string, options?: { readonly write?: boolean }): Promise<SqlEstimate> {
    const rows = await this.#file.use(
      (session) => session.withConnection((connection) => estimateRows(connection, sql, options)),
      { readOnly: true },
    );
    return { isFree: true, rows };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#file.release();
    await this.#disposed;
  }

  #known(): Promise<readonly RememberedTable[]> {
    return this.#file.use(async (session) => knownIn(await Catalog.read(session)));
  }

  async #row(select: string): Promise<SqlRow> {
    const [row = {}] = await this.#file.use((session) => session.rows(select));
    return row;
  }
}
