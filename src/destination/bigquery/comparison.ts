import { comparisonName, objectNames } from '../../names/object-names.ts';
import type { KeyDigest } from '../../snapshot/row.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { comparisonCounts, comparisonFindings, comparisonSample } from '../../views/comparison.ts';
import type { Dialect } from '../../views/dialect.ts';
import { COMPARISON_COLUMNS, comparisonTable } from '../../views/table-definition.ts';
import { writeAnnotation } from '../annotation.ts';
import type { Comparison, Finding } from '../destination.ts';
import { number, type SqlRow, sqlRows, text } from '../sql-row.ts';
import type { Dataset } from './dataset.ts';
import { loadRows } from './load.ts';
import { select } from './query.ts';
import { ensureTable } from './table.ts';

/** What a killed process leaves behind drops itself after a day. */
export const LEFTOVER_MS = 24 * 60 * 60 * 1000;
/**
 * Rows held back for one load job. A table takes 1,500 of those a day: enough for hundreds of millions of rows.
 * Source: <https://docs.cloud.google.com/bigquery/quotas#load_jobs>
 */
export const MAX_HELD_ROWS = 100_000;

/** Starts a comparison in a table of its own, which drops itself if nobody does. */
export async function startComparison(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  id: string,
): Promise<Comparison> {
  const { clock, random } = dataset.caller;
  const comment = writeAnnotation({ of: 'comparison', createdAt: clock.now() });
  await ensureTable(dataset, comparisonTable(id, comment), 'comparison', clock.now() + LEFTOVER_MS);
  return new BigQueryComparison(dataset, dialect, table, id, random.hex(16));
}

class BigQueryComparison implements Comparison {
  readonly #dataset: Dataset;
  readonly #dialect: Dialect;
  readonly #table: SourceTable;
  readonly #id: string;
  readonly #salt: string;
  #held: KeyDigest[] = [];
  #chunkCount = 0;
  #counts: Promise<{ source: number; latest: number; total: number }> | undefined;

  constructor(dataset: Dataset, dialect: Dialect, table: SourceTable, id: string, salt: string) {
    this.#dataset = dataset;
    this.#dialect = dialect;
    this.#table = table;
    this.#id = id;
    this.#salt = salt;
  }

  async add(rows: readonly KeyDigest[]): Promise<void> {
    this.#counts = undefined;
    for (const row of rows) this.#held.push(row);
    if (this.#held.length >= MAX_HELD_ROWS) await this.#load();
  }

  async findings(limit: number) {
    await this.#load();
    this.#counts = this.#count();
    const { total } = await this.#counts;
    const sql = comparisonFindings(this.#dialect, objectNames(this.#table.name), this.#id, limit);
    return { findings: (await this.#rows(sql)).map(finding), total };
  }

  async sampleAgreeing(count: number): Promise<readonly string[]> {
    await this.#load();
    const names = objectNames(this.#table.name);
    const sql = comparisonSample(this.#dialect, names, this.#id, { limit: count, salt: this.#salt });
    return (await this.#rows(sql)).map((row) => text(row, 'key'));
  }

  async counts() {
    await this.#load();
    this.#counts ??= this.#count();
    const { source, latest } = await this.#counts;
    return { source, latest };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dataset.dropTable(comparisonName(this.#id));
  }

  async #load(): Promise<void> {
    const held = this.#held;
    if (held.length === 0) return;
    this.#held = [];
    const chunk = String(this.#chunkCount++);
    await loadRows<KeyDigest>(this.#dataset, comparisonName(this.#id), chunk, COMPARISON_COLUMNS, held);
  }

  async #count() {
    const [row = {}] = await this.#rows(comparisonCounts(this.#dialect, objectNames(this.#table.name), this.#id));
    return { source: number(row, 'source'), latest: number(row, 'latest'), total: number(row, 'total') };
  }

  async #rows(sql: string): Promise<readonly SqlRow[]> {
    return sqlRows(await select(this.#dataset, `compare with ${objectNames(this.#table.name).latest}`, { sql }));
  }
}

function finding(row: SqlRow): Finding {
  const word = text(row, 'finding');
  return { key: text(row, 'key'), finding: word === 'missing' || word === 'extra' ? word : 'different' };
}
