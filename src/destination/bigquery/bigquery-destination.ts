import type { ChangelogRow } from '../../changelog/row.ts';
import type { Clock } from '../../clock.ts';
import { objectNames } from '../../names/object-names.ts';
import type { Random } from '../../random.ts';
import type { LedgerEvent } from '../../snapshot/ledger.ts';
import type { Published } from '../../snapshot/published.ts';
import type { SnapshotRow } from '../../snapshot/row.ts';
import type { SnapshotId } from '../../snapshot/snapshot-id.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { canonicalText } from '../../value/canonical-text.ts';
import { changelogCount, latestCount, snapshotCount } from '../../views/counts.ts';
import type { Dialect } from '../../views/dialect.ts';
import { type DatasetPath, googlesql } from '../../views/googlesql.ts';
import { LOOKUP_KEYS, lookupSelect } from '../../views/lookup.ts';
import { misfitCount } from '../../views/misfits.ts';
import { type KeySample, sampleSelect } from '../../views/sample.ts';
import { stateDifference } from '../../views/state-difference.ts';
import { snapshotTable } from '../../views/table-definition.ts';
import type { TypedView } from '../../views/typed.ts';
import { writeAnnotation } from '../annotation.ts';
import type { Comparison, SourceComparison } from '../comparer.ts';
import { changelogStatus, misfits, snapshotCounted, stateDifferenceOf } from '../count-rows.ts';
import type {
  AppendOptions,
  AppliedView,
  ChangelogStatus,
  Destination,
  ItemShapes,
  LatestRow,
  Misfits,
  Preparation,
  PreparationOptions,
  Rejection,
  SqlResult,
} from '../destination.ts';
import type { GapSearch } from '../gap-finder.ts';
import type { KnownChangelog } from '../known-table.ts';
import { refusePublished } from '../published-conflict.ts';
import type { RowFile } from '../row-file.ts';
import type { StateDifference } from '../snapshot-store.ts';
import { keyDigestOf, number, type SqlRow, sqlRows, text } from '../sql-row.ts';
import type { SqlEstimate } from '../sql-runner.ts';
import type { OwnedObject, OwnedObjects } from '../table-removal.ts';
import type { BigQueryApi } from './api.ts';
import { Caller } from './caller.ts';
import { ChangelogWriter, type NewChangelogMode } from './changelog-writer.ts';
import { comparisonOf, startComparison } from './comparison.ts';
import { Dataset } from './dataset.ts';
import { startGapSearch } from './gap-search.ts';
import { itemShapes } from './item-shapes.ts';
import { publishedOf, publishLatest } from './latest-view.ts';
import { readLedger, recordEvent } from './ledger.ts';
import { loadFile } from './load.ts';
import { type Statement, select } from './query.ts';
import { dropObject, ownedObjects } from './remove.ts';
import type { BigQuerySettings } from './settings.ts';
import { knownIn, prepare, preview, readKnown } from './setup.ts';
import { estimateStatement, runQueryStatement, runStatement } from './statement.ts';
import { countedRows, ensureTable } from './table.ts';
import { applyViews } from './typed-views.ts';

export type BigQueryDestinationDeps = {
  readonly api: BigQueryApi;
  readonly clock: Clock;
  readonly random: Random;
  /** @default 'load' */
  readonly newChangelogs?: NewChangelogMode;
};

/**
 * A BigQuery dataset as a destination: changes by streaming inserts once a changelog is old enough, the rest by load jobs.
 * The dataset itself is never created: a person decides where data is stored.
 */
export class BigQueryDestination implements Destination {
  readonly name: string;
  /** Files are sent block by block, so that no memory bounds them. A job takes 15 TB. */
  readonly maxLoadCharacters = 2 ** 40;
  readonly #dataset: Dataset;
  readonly #dialect: Dialect;
  readonly #changelogs: ChangelogWriter;

  constructor(
    path: DatasetPath,
    settings: BigQuerySettings,
    { api, clock, random, newChangelogs = 'load' }: BigQueryDestinationDeps,
  ) {
    this.#dataset = new Dataset(new Caller(api, clock, random), path, settings);
    this.#changelogs = new ChangelogWriter(this.#dataset, newChangelogs);
    this.#dialect = googlesql(path);
    this.name = `bigquery:${this.#dataset.name}`;
  }

  append(
    table: SourceTable,
    rows: readonly ChangelogRow[],
    { deadline }: AppendOptions = {},
  ): Promise<readonly Rejection[]> {
    return this.#changelogs.append(table, rows, deadline);
  }

  prepare(table: SourceTable, generation: number, options: PreparationOptions = {}): Promise<Preparation> {
    return prepare(this.#dataset, this.#dialect, table, generation, options);
  }

  preview(table: SourceTable, _generation: number, options: PreparationOptions = {}): Promise<Preparation> {
    return preview(this.#dataset, table, options);
  }

  async sources(): Promise<readonly SourceTable[]> {
    return (await knownIn(this.#dataset)).map(({ source }) => source);
  }

  /** @param until When to stop retrying, in milliseconds since the epoch. */
  known(tableName: string, until?: number): Promise<KnownChangelog | undefined> {
    return readKnown(this.#dataset, tableName, until);
  }

  async published(table: SourceTable): Promise<Published | undefined> {
    const view = await this.#dataset.findTable(objectNames(table.name).latest);
    if (view !== undefined) return publishedOf(this.#dataset, table, view);
    await this.#dataset.location();
    return undefined;
  }

  async createSnapshot(table: SourceTable, id: SnapshotId): Promise<void> {
    const comment = writeAnnotation({ of: 'snapshot', tableName: table.name });
    await ensureTable(this.#dataset, snapshotTable(objectNames(table.name), id, comment), 'snapshot');
  }

  loadSnapshot(table: SourceTable, id: SnapshotId, chunk: string, rows: RowFile<SnapshotRow>): Promise<void> {
    return loadFile(this.#dataset, objectNames(table.name).snapshot(id), chunk, rows);
  }

  async countSnapshot(table: SourceTable, id: SnapshotId): Promise<{ readonly rows: number; readonly keys: number }> {
    const names = objectNames(table.name);
    return snapshotCounted(await this.#row(names.snapshot(id), { sql: snapshotCount(this.#dialect, names, id) }));
  }

  async snapshotBytes(table: SourceTable, id: SnapshotId): Promise<number | null> {
    const resource = await this.#dataset.findTable(objectNames(table.name).snapshot(id));
    return resource?.numBytes === undefined ? null : Number(resource.numBytes);
  }

  async compareStates(table: SourceTable, before: Published, after: Published): Promise<StateDifference> {
    const names = objectNames(table.name);
    return stateDifferenceOf(
      await this.#row(names.latest, { sql: stateDifference(this.#dialect, names, before, after) }),
    );
  }

  publish(table: SourceTable, next: Published, expected: Published): Promise<void> {
    return publishLatest(this.#dataset, this.#dialect, table, next, expected);
  }

  async dropSnapshot(table: SourceTable, id: SnapshotId): Promise<void> {
    refusePublished(table, id, await this.published(table));
    await this.#dataset.dropTable(objectNames(table.name).snapshot(id));
  }

  record(event: LedgerEvent): Promise<void> {
    return recordEvent(this.#dataset, event);
  }

  ledger(table: Pick<SourceTable, 'name'>): Promise<readonly LedgerEvent[]> {
    return readLedger(this.#dataset, this.#dialect, table.name);
  }

  async lookup(table: SourceTable, keys: readonly string[]): Promise<ReadonlyMap<string, LatestRow>> {
    const names = objectNames(table.name);
    const statement = { sql: lookupSelect(this.#dialect, names), arrays: { [LOOKUP_KEYS]: keys } };
    return new Map(
      (await this.#rows(names.latest, statement)).map((row) => [
        text(row, 'key'),
        { key: text(row, 'key'), digest: text(row, 'digest'), item: canonicalText(text(row, 'item')) },
      ]),
    );
  }

  async sampleLatest(table: SourceTable, sample: KeySample, limit: number, after: string | null) {
    const names = objectNames(table.name);
    const statement = { sql: sampleSelect(this.#dialect, names, sample, { limit, after }) };
    return (await this.#rows(names.latest, statement)).map(keyDigestOf);
  }

  async changelogStatus(table: SourceTable, since: number | null): Promise<ChangelogStatus> {
    const names = objectNames(table.name);
    const row = await this.#row(names.changelog, { sql: changelogCount(this.#dialect, names, since) });
    return changelogStatus(row, countedRows(await this.#dataset.getTable(names.changelog)));
  }

  async countLatest(table: SourceTable): Promise<number> {
    const names = objectNames(table.name);
    return number(await this.#row(names.latest, { sql: latestCount(this.#dialect, names) }), 'items');
  }

  applyViews(
    table: SourceTable,
    views: readonly TypedView[],
    { dryRun = false } = {},
  ): Promise<readonly AppliedView[]> {
    return applyViews(this.#dataset, this.#dialect, table, views, dryRun);
  }

  async countMisfits(table: SourceTable, view: TypedView, listed: number): Promise<Misfits> {
    const names = objectNames(table.name);
    return misfits(await this.#row(names.latest, { sql: misfitCount(this.#dialect, names, view, listed) }), view);
  }

  itemShapes(table: SourceTable, sample: KeySample): Promise<ItemShapes> {
    return itemShapes(this.#dataset, this.#dialect, table, sample);
  }

  ownedObjects(tableName: string): Promise<OwnedObjects> {
    return ownedObjects(this.#dataset, tableName);
  }

  dropObject(tableName: string, object: OwnedObject): Promise<void> {
    return dropObject(this.#dataset, tableName, object);
  }

  compare(table: SourceTable, id: string): Promise<SourceComparison> {
    return startComparison(this.#dataset, this.#dialect, table, id);
  }

  compareSnapshot(table: SourceTable, id: SnapshotId): Comparison {
    return comparisonOf(this.#dataset, this.#dialect, table, { snapshot: id });
  }

  findGaps(table: SourceTable, id: string): Promise<GapSearch> {
    return startGapSearch(this.#dataset, this.#dialect, table, id);
  }

  query(sql: string, signal?: AbortSignal): Promise<SqlResult> {
    return runQueryStatement(this.#dataset, sql, signal);
  }

  execute(sql: string, signal?: AbortSignal): Promise<SqlResult> {
    return runStatement(this.#dataset, sql, signal);
  }

  estimate(sql: string, options?: { readonly write?: boolean }): Promise<SqlEstimate> {
    return estimateStatement(this.#dataset, sql, options);
  }

  /** Nothing to do: connections close by themselves. */
  async [Symbol.asyncDispose](): Promise<void> {}

  async #rows(tableId: string, statement: Statement): Promise<readonly SqlRow[]> {
    return sqlRows(await select(this.#dataset, `read ${this.#dataset.nameOf(tableId)}`, statement));
  }

  async #row(tableId: string, statement: Statement): Promise<SqlRow> {
    const [row = {}] = await this.#rows(tableId, statement);
    return row;
  }
}
