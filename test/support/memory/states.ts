import type { Comparison, SourceComparison } from '../../../src/destination/comparer.ts';
import type { LatestRow } from '../../../src/destination/destination.ts';
import type { KnownChangelog } from '../../../src/destination/known-table.ts';
import type { Published } from '../../../src/snapshot/published.ts';
import type { SnapshotRow } from '../../../src/snapshot/row.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import { tableDescription } from '../stream/table-description.ts';
import { STORAGE } from '../values/shop.ts';
import { MemoryComparison } from './comparison.ts';
import { MemorySnapshots } from './snapshots.ts';

/** Snapshots of one table in memory, with the latest view over them, as a repair reads it. */
export class MemoryStates extends MemorySnapshots {
  /** The stream's changes since the floor of every snapshot here, by key; `null` for a removed item. */
  readonly changes = new Map<string, LatestRow | null>();

  /** The items that the latest view shows. */
  shown(): ReadonlyMap<string, LatestRow> {
    return new Map(this.items(this.view).map((row) => [row.key, row]));
  }

  protected override items(published: Published): readonly SnapshotRow[] {
    const rows = new Map(super.items(published).map((row) => [row.key, row]));
    for (const [key, row] of this.changes) {
      if (row === null) rows.delete(key);
      else rows.set(key, row);
    }
    return [...rows.values()];
  }

  override async known(_tableName: string): Promise<KnownChangelog | undefined> {
    return { source: tableDescription().table, seen: null, changelog: STORAGE };
  }

  async lookup(_table: SourceTable, keys: readonly string[]): Promise<ReadonlyMap<string, LatestRow>> {
    await this.before('compare', 'lookup');
    const wanted = new Set(keys);
    return new Map([...this.shown()].filter(([key]) => wanted.has(key)));
  }

  /** With the latest view as it is now: nothing changes it while a test compares. */
  async compare(): Promise<SourceComparison> {
    await this.before('compare', 'compare');
    return new MemoryComparison(this.shown());
  }

  compareSnapshot(_table: SourceTable, id: string): Comparison {
    const now = async () => {
      await this.before('compare', 'compare snapshot');
      const comparison = new MemoryComparison(this.shown());
      for (const { key, digest } of this.snapshots.get(id) ?? []) comparison.source.set(key, digest);
      return comparison;
    };
    return {
      counts: async (scope) => (await now()).counts(scope),
      findings: async (scope, limit, after) => (await now()).findings(scope, limit, after),
      sampleAgreeing: async (count) => (await now()).sampleAgreeing(count),
    };
  }
}
