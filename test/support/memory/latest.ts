import type { Comparer, SourceComparison } from '../../../src/destination/comparer.ts';
import type { LatestReader, LatestRow, TableSetup } from '../../../src/destination/destination.ts';
import type { KnownChangelog } from '../../../src/destination/known-table.ts';
import type { SnapshotStore } from '../../../src/destination/snapshot-store.ts';
import { type Published, unpublished } from '../../../src/snapshot/published.ts';
import type { SnapshotRow } from '../../../src/snapshot/row.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import { digestOf } from '../../../src/value/digest.ts';
import type { KeySample } from '../../../src/views/sample.ts';
import { tableDescription } from '../stream/table-description.ts';
import { STORAGE } from '../values/shop.ts';
import { MemoryComparison } from './comparison.ts';

/** The latest view of one table in memory, as verify sees it. */
export class MemoryLatest
  implements
    Comparer,
    Pick<LatestReader, 'lookup' | 'sampleLatest' | 'countLatest'>,
    Pick<SnapshotStore, 'published'>,
    Pick<TableSetup, 'known'>
{
  readonly rows = new Map<string, LatestRow>();
  view: Published | undefined = unpublished(1);
  /** The view's source table. */
  source: SourceTable = tableDescription().table;
  /** Sizes of the look-ups, in order. */
  readonly lookups: number[] = [];
  /** Comparisons that aren't disposed of yet. */
  open = 0;
  /** Called before each look-up. */
  beforeLookup: () => void = () => {};

  show({ key, digest, item }: SnapshotRow): void {
    this.rows.set(key, { key, digest, item });
  }

  async known(tableName: string): Promise<KnownChangelog | undefined> {
    return this.source.name === tableName ? { source: this.source, seen: null, changelog: STORAGE } : undefined;
  }

  async published(): Promise<Published | undefined> {
    return this.view;
  }

  async lookup(_table: unknown, keys: readonly string[]): Promise<ReadonlyMap<string, LatestRow>> {
    if (keys.length > 1000) throw new Error('More keys than one look-up may hold');
    this.beforeLookup();
    this.lookups.push(keys.length);
    return new Map(keys.flatMap((key) => [this.rows.get(key)].flatMap((row) => (row ? [[key, row] as const] : []))));
  }

  async countLatest(): Promise<number> {
    return this.rows.size;
  }

  async sampleLatest(_table: unknown, { share, salt }: KeySample, limit: number, after: string | null) {
    return [...this.rows.values()]
      .filter(({ key }) => share >= 1 || Number.parseInt(digestOf(salt + key).slice(0, 8), 16) < share * 2 ** 32)
      .filter(({ key }) => after === null || key > after)
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
      .slice(0, limit);
  }

  async compare(): Promise<SourceComparison> {
    this.open++;
    return new MemoryComparison(this.rows, () => void this.open--);
  }

  compareSnapshot(): never {
    throw new Error('compareSnapshot was not expected');
  }
}
