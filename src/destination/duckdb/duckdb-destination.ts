import type { DuckDBConnection } from '@duckdb/node-api';
import { CHANGELOG_COLUMNS } from '../../changelog/columns.ts';
import type { ChangelogRow, StampedRow } from '../../changelog/row.ts';
import type { ExportWriter } from '../../export/export-writer.ts';
import { objectNames } from '../../names/object-names.ts';
import type { TypedView } from '../../schema/typed-view.ts';
import type { SnapshotId } from '../../snapshot/snapshot-id.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { changelogCount, latestCount, stateCount } from '../../views/counts.ts';
import { duckdb } from '../../views/duckdb.ts';
import type { RowChoice } from '../../views/exported-rows.ts';
import type { ExportedColumn } from '../../views/exported-type.ts';
import type { ItemSource } from '../../views/item-source.ts';
import type { KeyCondition } from '../../views/key-condition.ts';
import { LOOKUP_KEYS, lookupSelect } from '../../views/lookup.ts';
import { matchCount } from '../../views/match-count.ts';
import { misfitCount } from '../../views/misfits.ts';
import { oldRowCount } from '../../views/old-rows.ts';
import { type KeySample, sampleSelect } from '../../views/sample.ts';
import { shapeSelect } from '../../views/shapes.ts';
import type { Comparison, SourceComparison } from '../comparer.ts';
import { changelogStatus, itemShape, matches, misfits } from '../count-rows.ts';
import type {
  ChangelogStatus,
  Destination,
  DestinationDeps,
  LatestRow,
  Preparation,
  PreparationOptions,
  SqlResult,
} from '../destination.ts';
import type { GapSearch } from '../gap-finder.ts';
import type { KnownChangelog, RememberedTable } from '../known-table.ts';
import { requireThisFormat } from '../other-format.ts';
import type { ExportedRows } from '../row-exporter.ts';
import { keyDigestOf, number, type SqlRow, text } from '../sql-row.ts';
import type { SqlEstimate } from '../sql-runner.ts';
import type { OwnedObject, OwnedObjects } from '../table-removal.ts';
import type { AppliedView, ItemShapes, Matches, Misfits } from '../view-store.ts';
import { boundedRows } from './bounded-rows.ts';
import { Catalog, estimatedRows } from './catalog.ts';
import { comparisonOf, startComparison } from './comparison.ts';
import { type Database, DatabaseFile } from './database-file.ts';
import { dropRows, ingestedWithin } from './drop-rows.ts';
import { DuckDbSnapshots } from './duckdb-snapshots.ts';
import { estimateExport, exportRows, viewColumns } from './export-rows.ts';
import { startGapSearch } from './gap-search.ts';
import { rowCountsOfLatest, sumOfParts } from './key-parts.ts';
import { tick } from './logical-clock.ts';
import { dropObject, ownedObjects } from './remove.ts';
import { sampleItems } from './sample-items.ts';
import { knownIn, prepare, preview } from './setup.ts';
import { estimateRows, runQueryStatement, runStatement } from './statement.ts';
import { applyViews } from './typed-views.ts';

/** Changes come in few rows at a time: DuckDB merges one group of them whenever the file is closed. */
const ALLOW_MERGE = 'SET max_vacuum_tasks = 1';

/**
 * A DuckDB file as a destination.
 *
 * Only `prepare` makes the file. It is never open for long: see {@link DatabaseFile}.
 */
export class DuckDbDestination extends DuckDbSnapshots implements Destination {
  readonly name: string;
  #disposed: Promise<void> | undefined;

  /** @param database The database to use instead of the file at `path`: in a simulation, one in memory. */
  constructor(path: string, deps: DestinationDeps, database: Database = DatabaseFile.acquire(path, deps)) {
    super(database, deps);
    this.name = `duckdb:${path}`;
  }

  /** DuckDB takes every row that Tailrace writes: there are no rejections. */
  async append(table: SourceTable, rows: readonly ChangelogRow[]): Promise<readonly []> {
    const { changelog } = objectNames(table.name);
    if (rows.length === 0) return [];
    await this.file.use(async (session) => {
      await session.run(ALLOW_MERGE);
      await session.transaction(async () => {
        const ingestedAt = await tick(session, this.deps.clock.now());
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
    const plan = { ...options, now: this.deps.clock.now() };
    return this.file.use((session) => prepare(session, table, generation, plan), { create: true });
  }

  preview(table: SourceTable, generation: number, options: PreparationOptions = {}): Promise<Preparation> {
    const plan = { ...options, now: this.deps.clock.now() };
    return this.file.use((session) => preview(session, table, generation, plan));
  }

  async sources(): Promise<readonly SourceTable[]> {
    return (await this.#known()).map(({ source }) => source);
  }

  async known(tableName: string): Promise<KnownChangelog | undefined> {
    const found = (await this.#known()).find(({ source }) => source.name === tableName);
    return found && requireThisFormat(found, this.name);
  }

  async lookup(table: SourceTable, keys: readonly string[]): Promise<ReadonlyMap<string, LatestRow>> {
    const select = lookupSelect(duckdb, objectNames(table.name));
    const rows = await this.file.use((session) => boundedRows(session, select, { [LOOKUP_KEYS]: keys }));
    return new Map(
      rows.map((row) => [
        text(row, 'key'),
        { key: text(row, 'key'), digest: text(row, 'digest'), item: text(row, 'item') },
      ]),
    );
  }

  async sampleLatest(table: SourceTable, sample: KeySample, limit: number, after: string | null) {
    const select = sampleSelect(duckdb, objectNames(table.name), sample, { limit, after });
    return (await this.file.use((session) => boundedRows(session, select))).map(keyDigestOf);
  }

  sampleItems(table: SourceTable, sample: KeySample, limit: number) {
    return sampleItems(this.file, table, sample, limit);
  }

  async changelogStatus(table: SourceTable, since: number | null): Promise<ChangelogStatus> {
    const names = objectNames(table.name);
    const row = await this.#row(changelogCount(duckdb, names, since));
    return changelogStatus(row, await this.file.use((session) => estimatedRows(session, names.changelog)));
  }

  async countLatest(table: SourceTable): Promise<number> {
    const published = await this.published(table);
    if (published === undefined) return number(await this.#row(latestCount(duckdb, objectNames(table.name))), 'items');
    const select = (among?: KeyCondition) => stateCount(duckdb, objectNames(table.name), published, among);
    return number(await sumOfParts(this.file, (session) => rowCountsOfLatest(session, table), select), 'items');
  }

  ingestedWithin(table: SourceTable, ageMs: number): Promise<number> {
    return this.file.use((session) => ingestedWithin(session, table, ageMs, this.deps.clock.now()));
  }

  async countRowsBefore(table: SourceTable, before: number): Promise<number> {
    return number(await this.#row(oldRowCount(duckdb, objectNames(table.name), before)), 'rows');
  }

  dropRows(table: SourceTable, before: number): Promise<void> {
    return this.file.use((session) => dropRows(session, table, before));
  }

  applyViews(
    table: SourceTable,
    views: readonly TypedView[],
    { dryRun = false } = {},
  ): Promise<readonly AppliedView[]> {
    return this.file.use((session) => applyViews(session, table, views, dryRun));
  }

  async countMisfits(table: SourceTable, view: TypedView, listed: number, source?: ItemSource): Promise<Misfits> {
    return misfits(await this.#row(misfitCount(duckdb, objectNames(table.name), view, listed, source)), view);
  }

  async countMatches(table: SourceTable, views: readonly TypedView[], source?: ItemSource): Promise<Matches> {
    return matches(await this.#row(matchCount(duckdb, objectNames(table.name), views, source)), views);
  }

  async itemShapes(table: SourceTable, sample: KeySample, source?: ItemSource): Promise<ItemShapes> {
    const select = shapeSelect(duckdb, objectNames(table.name), sample, source);
    const rows = await this.file.use((session) => boundedRows(session, select));
    return { isRead: true, shapes: rows.map(itemShape) };
  }

  ownedObjects(tableName: string): Promise<OwnedObjects> {
    return this.file.use((session) => ownedObjects(session, tableName), { readOnly: true });
  }

  dropObject(tableName: string, object: OwnedObject): Promise<void> {
    return this.file.use((session) => dropObject(session, tableName, object));
  }

  compare(table: SourceTable, id: string): Promise<SourceComparison> {
    return startComparison(this.file, this.deps, table, id);
  }

  compareSnapshot(table: SourceTable, id: SnapshotId): Comparison {
    return comparisonOf(this.file, this.deps, table, { snapshot: id });
  }

  findGaps(table: SourceTable, id: string): Promise<GapSearch> {
    return startGapSearch(this.file, this.deps, table, id);
  }

  query(sql: string, signal?: AbortSignal): Promise<SqlResult> {
    return this.#read((connection) => runQueryStatement(connection, sql, signal));
  }

  execute(sql: string, signal?: AbortSignal): Promise<SqlResult> {
    return this.file.use((session) => session.withConnection((connection) => runStatement(connection, sql, signal)));
  }

  async estimate(sql: string, options?: { readonly write?: boolean }): Promise<SqlEstimate> {
    return { isFree: true, rows: await this.#read((connection) => estimateRows(connection, sql, options)) };
  }

  viewColumns(view: string): Promise<readonly ExportedColumn[]> {
    return this.#read((connection) => viewColumns(connection, view));
  }

  async estimateExport(choice: RowChoice): Promise<SqlEstimate> {
    return { isFree: true, rows: await this.#read((connection) => estimateExport(connection, choice)) };
  }

  exportRows(choice: RowChoice, writer: ExportWriter): Promise<ExportedRows> {
    return this.#read((connection) => exportRows(connection, choice, writer), { keepsOpen: false });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.file.release();
    await this.#disposed;
  }

  /** Works on a connection of its own, while the file can't be changed. */
  #read<T>(work: (connection: DuckDBConnection) => Promise<T>, { keepsOpen = true } = {}): Promise<T> {
    return this.file.use((session) => session.withConnection(work), { readOnly: true, keepsOpen });
  }

  #known(): Promise<readonly RememberedTable[]> {
    return this.file.use(async (session) => knownIn(await Catalog.read(session)), { readOnly: true });
  }

  async #row(select: string): Promise<SqlRow> {
    const [row = {}] = await this.file.use((session) => session.rows(select));
    return row;
  }
}
