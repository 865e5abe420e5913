import type { ChangelogRow } from '../../changelog/row.ts';
import type { Clock } from '../../clock.ts';
import type { ExportWriter } from '../../export/export-writer.ts';
import { objectNames } from '../../names/object-names.ts';
import type { Random } from '../../random.ts';
import type { TypedView } from '../../schema/typed-view.ts';
import type { SnapshotId } from '../../snapshot/snapshot-id.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { canonicalText } from '../../value/canonical-text.ts';
import { changelogCount, latestCount } from '../../views/counts.ts';
import type { RowChoice } from '../../views/exported-rows.ts';
import type { ExportedColumn } from '../../views/exported-type.ts';
import { type DatasetPath, googlesql } from '../../views/googlesql.ts';
import type { ItemSource } from '../../views/item-source.ts';
import { LOOKUP_KEYS, lookupSelect } from '../../views/lookup.ts';
import { matchCount } from '../../views/match-count.ts';
import { misfitCount } from '../../views/misfits.ts';
import { oldRowCount } from '../../views/old-rows.ts';
import { itemSampleSelect, type KeySample, sampleSelect } from '../../views/sample.ts';
import type { Comparison, SourceComparison } from '../comparer.ts';
import { changelogStatus, matches, misfits } from '../count-rows.ts';
import type {
  AppendOptions,
  ChangelogStatus,
  Destination,
  LatestRow,
  Preparation,
  PreparationOptions,
  Rejection,
  SqlResult,
} from '../destination.ts';
import type { GapSearch } from '../gap-finder.ts';
import type { KnownChangelog } from '../known-table.ts';
import type { ExportedRows } from '../row-exporter.ts';
import { keyDigestOf, number, sampledItemOf, text } from '../sql-row.ts';
import type { SqlEstimate } from '../sql-runner.ts';
import type { OwnedObject, OwnedObjects } from '../table-removal.ts';
import type { AppliedView, ItemShapes, Matches, Misfits } from '../view-store.ts';
import type { BigQueryApi } from './api.ts';
import { BigQuerySnapshots } from './bigquery-snapshots.ts';
import { Caller } from './caller.ts';
import { ChangelogWriter, type NewChangelogMode } from './changelog-writer.ts';
import { comparisonOf, startComparison } from './comparison.ts';
import { Dataset } from './dataset.ts';
import { dropRows, ingestedWithin } from './drop-rows.ts';
import { estimateExport, exportRows, viewColumns } from './export-rows.ts';
import { startGapSearch } from './gap-search.ts';
import { itemShapes } from './item-shapes.ts';
import { dropObject, ownedObjects } from './remove.ts';
import type { BigQuerySettings } from './settings.ts';
import { knownIn, prepare, preview, readKnown } from './setup.ts';
import { estimateStatement, runQueryStatement, runStatement } from './statement.ts';
import { countedRows } from './table.ts';
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
export class BigQueryDestination extends BigQuerySnapshots implements Destination {
  readonly name: string;
  readonly #changelogs: ChangelogWriter;

  constructor(
    path: DatasetPath,
    settings: BigQuerySettings,
    { api, clock, random, newChangelogs = 'load' }: BigQueryDestinationDeps,
  ) {
    super(new Dataset(new Caller(api, clock, random), path, settings), googlesql(path));
    this.#changelogs = new ChangelogWriter(this.dataset, newChangelogs);
    this.name = `bigquery:${this.dataset.name}`;
  }

  append(
    table: SourceTable,
    rows: readonly ChangelogRow[],
    { deadline }: AppendOptions = {},
  ): Promise<readonly Rejection[]> {
    return this.#changelogs.append(table, rows, deadline);
  }

  prepare(table: SourceTable, generation: number, options: PreparationOptions = {}): Promise<Preparation> {
    return prepare(this.dataset, this.dialect, table, generation, options);
  }

  preview(table: SourceTable, _generation: number, options: PreparationOptions = {}): Promise<Preparation> {
    return preview(this.dataset, table, options);
  }

  async sources(): Promise<readonly SourceTable[]> {
    return (await knownIn(this.dataset)).map(({ source }) => source);
  }

  /** @param until When to stop retrying, in milliseconds since the epoch. */
  known(tableName: string, until?: number): Promise<KnownChangelog | undefined> {
    return readKnown(this.dataset, tableName, until);
  }

  async lookup(table: SourceTable, keys: readonly string[]): Promise<ReadonlyMap<string, LatestRow>> {
    const names = objectNames(table.name);
    const statement = { sql: lookupSelect(this.dialect, names), arrays: { [LOOKUP_KEYS]: keys } };
    return new Map(
      (await this.rows(names.latest, statement)).map((row) => [
        text(row, 'key'),
        { key: text(row, 'key'), digest: text(row, 'digest'), item: canonicalText(text(row, 'item')) },
      ]),
    );
  }

  async sampleLatest(table: SourceTable, sample: KeySample, limit: number, after: string | null) {
    const names = objectNames(table.name);
    const statement = { sql: sampleSelect(this.dialect, names, sample, { limit, after }) };
    return (await this.rows(names.latest, statement)).map(keyDigestOf);
  }

  /** In one statement, hence one page: each would bill the items of the whole view. */
  async *sampleItems(table: SourceTable, sample: KeySample, limit: number) {
    const names = objectNames(table.name);
    const statement = { sql: itemSampleSelect(this.dialect, names, sample, { limit, after: null }) };
    yield (await this.rows(names.latest, statement)).map(sampledItemOf);
  }

  async changelogStatus(table: SourceTable, since: number | null): Promise<ChangelogStatus> {
    const names = objectNames(table.name);
    const row = await this.row(names.changelog, { sql: changelogCount(this.dialect, names, since) });
    return changelogStatus(row, countedRows(await this.dataset.getTable(names.changelog)));
  }

  async countLatest(table: SourceTable): Promise<number> {
    const names = objectNames(table.name);
    return number(await this.row(names.latest, { sql: latestCount(this.dialect, names) }), 'items');
  }

  ingestedWithin(_table: SourceTable, ageMs: number): Promise<number> {
    return ingestedWithin(this.dataset, ageMs);
  }

  async countRowsBefore(table: SourceTable, before: number): Promise<number> {
    const names = objectNames(table.name);
    return number(await this.row(names.changelog, { sql: oldRowCount(this.dialect, names, before) }), 'rows');
  }

  dropRows(table: SourceTable, before: number): Promise<void> {
    return dropRows(this.dataset, this.dialect, table, before);
  }

  applyViews(
    table: SourceTable,
    views: readonly TypedView[],
    { dryRun = false } = {},
  ): Promise<readonly AppliedView[]> {
    return applyViews(this.dataset, this.dialect, table, views, dryRun);
  }

  async countMisfits(table: SourceTable, view: TypedView, listed: number, source?: ItemSource): Promise<Misfits> {
    const names = objectNames(table.name);
    return misfits(await this.row(names.latest, { sql: misfitCount(this.dialect, names, view, listed, source) }), view);
  }

  async countMatches(table: SourceTable, views: readonly TypedView[], source?: ItemSource): Promise<Matches> {
    const names = objectNames(table.name);
    return matches(await this.row(names.latest, { sql: matchCount(this.dialect, names, views, source) }), views);
  }

  itemShapes(table: SourceTable, sample: KeySample, source?: ItemSource): Promise<ItemShapes> {
    return itemShapes(this.dataset, this.dialect, table, sample, source);
  }

  ownedObjects(tableName: string): Promise<OwnedObjects> {
    return ownedObjects(this.dataset, tableName);
  }

  dropObject(tableName: string, object: OwnedObject): Promise<void> {
    return dropObject(this.dataset, tableName, object);
  }

  compare(table: SourceTable, id: string): Promise<SourceComparison> {
    return startComparison(this.dataset, this.dialect, table, id);
  }

  compareSnapshot(table: SourceTable, id: SnapshotId): Comparison {
    return comparisonOf(this.dataset, this.dialect, table, { snapshot: id });
  }

  findGaps(table: SourceTable, id: string): Promise<GapSearch> {
    return startGapSearch(this.dataset, this.dialect, table, id);
  }

  query(sql: string, signal?: AbortSignal): Promise<SqlResult> {
    return runQueryStatement(this.dataset, sql, signal);
  }

  execute(sql: string, signal?: AbortSignal): Promise<SqlResult> {
    return runStatement(this.dataset, sql, signal);
  }

  estimate(sql: string, options?: { readonly write?: boolean }): Promise<SqlEstimate> {
    return estimateStatement(this.dataset, sql, options);
  }

  viewColumns(view: string): Promise<readonly ExportedColumn[]> {
    return viewColumns(this.dataset, view);
  }

  estimateExport(choice: RowChoice): Promise<SqlEstimate> {
    return estimateExport(this.dataset, this.dialect, choice);
  }

  exportRows(choice: RowChoice, writer: ExportWriter, signal: AbortSignal): Promise<ExportedRows> {
    return exportRows(this.dataset, this.dialect, choice, writer, signal);
  }

  /** Nothing to do: connections close by themselves. */
  async [Symbol.asyncDispose](): Promise<void> {}
}
