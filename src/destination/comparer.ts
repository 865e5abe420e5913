import type { KeyDigest } from '../snapshot/row.ts';
import type { SnapshotId } from '../snapshot/snapshot-id.ts';
import type { SourceTable } from '../source/source-table.ts';
import type { RowFile } from './row-file.ts';

/** How a key differs: it is in the source only, in the latest view only, or in both with different items. */
export type Finding = { readonly key: string; readonly finding: 'missing' | 'extra' | 'different' };

/**
 * Which keys are compared: those of `both` sides, or those of the `source` alone, for when only a
 * part of it was read.
 */
export type ComparisonScope = 'both' | 'source';

export type ComparisonCounts = {
  /** Distinct keys read from the source. */
  readonly source: number;
  /** Rows of the latest view; of scope `source`, those with one of these keys. */
  readonly latest: number;
  /** Keys that differ. */
  readonly differing: number;
};

/** Compares a reading of the source with the latest view, as of each call, inside the destination. */
export interface Comparison {
  counts(scope: ComparisonScope): Promise<ComparisonCounts>;
  /**
   * The keys that differ, in order of their text, at most `limit` of them.
   *
   * @param after Only keys after this one; `null` begins.
   */
  findings(scope: ComparisonScope, limit: number, after: string | null): Promise<readonly Finding[]>;
  /** About `count` keys that agree, taken at random. */
  sampleAgreeing(count: number): Promise<readonly string[]>;
}

/** A comparison to which the reading is added part by part. */
export interface SourceComparison extends Comparison, AsyncDisposable {
  /**
   * Adds keys read from the source. When it resolves, they count. A key may be added twice.
   *
   * @param rows Read while it runs. Where a table takes a limited number of loads, each call is one.
   */
  add(rows: RowFile<KeyDigest>): Promise<void>;
}

export interface Comparer {
  /**
   * Starts a comparison with the latest view of `table`. Disposing of it leaves nothing behind.
   *
   * @param id Names what the comparison stores in the destination meanwhile: `[a-z0-9]+`, unique.
   */
  compare(table: SourceTable, id: string): Promise<SourceComparison>;

  /** Compares a snapshot that is in the destination already, published or not, as a reading of the source. */
  compareSnapshot(table: SourceTable, id: SnapshotId): Comparison;
}
