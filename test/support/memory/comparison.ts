import type { ComparisonScope, Finding, SourceComparison } from '../../../src/destination/comparer.ts';
import type { LatestRow } from '../../../src/destination/destination.ts';
import { type RowFile, rowsOf } from '../../../src/destination/row-file.ts';
import type { KeyDigest } from '../../../src/snapshot/row.ts';

/** A comparison with the rows of a latest view, in memory. Of a key that is added twice, the last row counts. */
export class MemoryComparison implements SourceComparison {
  readonly source = new Map<string, string>();
  readonly #latest: ReadonlyMap<string, LatestRow>;
  readonly #onDispose: () => void;

  constructor(latest: ReadonlyMap<string, LatestRow>, onDispose: () => void = () => {}) {
    this.#latest = latest;
    this.#onDispose = onDispose;
  }

  async add(rows: RowFile<KeyDigest>): Promise<void> {
    for (const { key, digest } of rowsOf(rows)) this.source.set(key, digest);
  }

  async findings(scope: ComparisonScope, limit: number, after: string | null): Promise<readonly Finding[]> {
    return this.#differing(scope)
      .filter(({ key }) => after === null || key > after)
      .slice(0, limit);
  }

  async counts(scope: ComparisonScope) {
    const latest = [...this.#latest.keys()].filter((key) => scope === 'both' || this.source.has(key)).length;
    return { source: this.source.size, latest, differing: this.#differing(scope).length };
  }

  async sampleAgreeing(count: number): Promise<readonly string[]> {
    const agreeing = [...this.source].filter(([key, digest]) => this.#latest.get(key)?.digest === digest);
    return agreeing.slice(0, count).map(([key]) => key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#onDispose();
  }

  #differing(scope: ComparisonScope): readonly Finding[] {
    const keys = new Set([...this.source.keys(), ...(scope === 'both' ? this.#latest.keys() : [])]);
    return [...keys].toSorted().flatMap((key): Finding[] => {
      const [read, shown] = [this.source.get(key), this.#latest.get(key)?.digest];
      if (read === shown) return [];
      return [{ key, finding: read === undefined ? 'extra' : shown === undefined ? 'missing' : 'different' }];
    });
  }
}
