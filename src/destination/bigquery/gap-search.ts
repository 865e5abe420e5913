import { ingestedSince } from '../../changelog/ingested-since.ts';
import type { StreamedChange } from '../../changelog/streamed-change.ts';
import { comparisonName, objectNames } from '../../names/object-names.ts';
import type { SourceTable } from '../../source/source-table.ts';
import type { Dialect } from '../../views/dialect.ts';
import { type GapTerms, gapCounts, gapRanges } from '../../views/gaps.ts';
import { STREAMED_COLUMNS, streamedTable } from '../../views/table-definition.ts';
import { writeAnnotation } from '../annotation.ts';
import type { GapCounts, GapRange, GapSearch } from '../gap-finder.ts';
import { gapCountsOf, gapRangeOf } from '../gap-rows.ts';
import { ORPHAN_MS } from '../renewed-comparison.ts';
import { type SqlRow, sqlRows } from '../sql-row.ts';
import type { Dataset } from './dataset.ts';
import { loadRows } from './load.ts';
import { select } from './query.ts';
import { ensureTable } from './table.ts';

/**
 * Rows buffered for one load job. A table takes 1,500 of these jobs a day: enough for hundreds of millions of rows.
 * Source: <https://docs.cloud.google.com/bigquery/quotas#load_jobs>
 */
const MAX_BUFFERED_ROWS = 100_000;

/** Starts a search for gaps in a table of its own, which expires in case it is never dropped. */
export async function startGapSearch(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  id: string,
): Promise<GapSearch> {
  const { clock } = dataset.caller;
  await dataset.getTable(objectNames(table.name).changelog);
  const comment = writeAnnotation({ of: 'comparison', tableName: table.name, createdAt: clock.now() });
  await ensureTable(dataset, streamedTable(id, comment), 'comparison', clock.now() + ORPHAN_MS);
  return new BigQueryGapSearch(dataset, dialect, table, id);
}

class BigQueryGapSearch implements GapSearch {
  readonly #dataset: Dataset;
  readonly #dialect: Dialect;
  readonly #table: SourceTable;
  readonly #id: string;
  #earliest: number;
  #buffered: StreamedChange[] = [];
  #chunkCount = 0;

  constructor(dataset: Dataset, dialect: Dialect, table: SourceTable, id: string) {
    this.#dataset = dataset;
    this.#dialect = dialect;
    this.#table = table;
    this.#id = id;
    this.#earliest = dataset.caller.clock.now();
  }

  async add(changes: readonly StreamedChange[]): Promise<void> {
    for (const change of changes) {
      this.#buffered.push(change);
      this.#earliest = Math.min(this.#earliest, change.changedAt);
    }
    if (this.#buffered.length >= MAX_BUFFERED_ROWS) await this.#load();
  }

  async counts(lagCutoff: number): Promise<GapCounts> {
    const names = objectNames(this.#table.name);
    return gapCountsOf(await this.#rows(gapCounts(this.#dialect, names, this.#terms(lagCutoff))));
  }

  async ranges(lagCutoff: number, limit: number, after: GapRange | null): Promise<readonly GapRange[]> {
    const names = objectNames(this.#table.name);
    const page = { limit, after };
    return (await this.#rows(gapRanges(this.#dialect, names, this.#terms(lagCutoff), page))).map(gapRangeOf);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dataset.dropTable(comparisonName(this.#id));
  }

  #terms(lagCutoff: number): GapTerms {
    return { id: this.#id, lagCutoff, ingestedSince: ingestedSince(this.#earliest) };
  }

  async #load(): Promise<void> {
    const buffered = this.#buffered;
    if (buffered.length === 0) return;
    this.#buffered = [];
    const chunk = String(this.#chunkCount++);
    await loadRows<StreamedChange>(this.#dataset, comparisonName(this.#id), chunk, STREAMED_COLUMNS, buffered);
  }

  async #rows(sql: string): Promise<readonly SqlRow[]> {
    await this.#load();
    return sqlRows(await select(this.#dataset, `compare with ${objectNames(this.#table.name).changelog}`, { sql }));
  }
}
