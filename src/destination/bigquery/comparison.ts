import { comparisonName, objectNames } from '../../names/object-names.ts';
import type { KeyDigest } from '../../snapshot/row.ts';
import type { SourceTable } from '../../source/source-table.ts';
import type { ComparedSource } from '../../views/comparison.ts';
import type { Dialect } from '../../views/dialect.ts';
import { COMPARISON_COLUMNS, comparisonTable } from '../../views/table-definition.ts';
import { writeAnnotation } from '../annotation.ts';
import type { Comparison, ComparisonCounts, ComparisonScope, Finding, SourceComparison } from '../comparer.ts';
import { sqlComparison } from '../sql-comparison.ts';
import { sqlRows } from '../sql-row.ts';
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
): Promise<SourceComparison> {
  const { clock } = dataset.caller;
  const comment = writeAnnotation({ of: 'comparison', createdAt: clock.now() });
  await ensureTable(dataset, comparisonTable(id, comment), 'comparison', clock.now() + LEFTOVER_MS);
  return new BigQueryComparison(dataset, id, comparisonOf(dataset, dialect, table, { comparison: id }));
}

/** Compares a table of keys and digests that is there. */
export function comparisonOf(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  source: ComparedSource,
): Comparison {
  const names = objectNames(table.name);
  const rows = async (sql: string) => sqlRows(await select(dataset, `compare with ${names.latest}`, { sql }));
  return sqlComparison({ dialect, names, source, salt: dataset.caller.random.hex(16), rows });
}

class BigQueryComparison implements SourceComparison {
  readonly #dataset: Dataset;
  readonly #id: string;
  readonly #loaded: Comparison;
  #held: KeyDigest[] = [];
  #chunkCount = 0;

  /** @param loaded Compares what was loaded so far. */
  constructor(dataset: Dataset, id: string, loaded: Comparison) {
    this.#dataset = dataset;
    this.#id = id;
    this.#loaded = loaded;
  }

  async add(rows: readonly KeyDigest[]): Promise<void> {
    for (const row of rows) this.#held.push(row);
    if (this.#held.length >= MAX_HELD_ROWS) await this.#load();
  }

  async counts(scope: ComparisonScope): Promise<ComparisonCounts> {
    await this.#load();
    return this.#loaded.counts(scope);
  }

  async findings(scope: ComparisonScope, limit: number, after: string | null): Promise<readonly Finding[]> {
    await this.#load();
    return this.#loaded.findings(scope, limit, after);
  }

  async sampleAgreeing(count: number): Promise<readonly string[]> {
    await this.#load();
    return this.#loaded.sampleAgreeing(count);
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
}
