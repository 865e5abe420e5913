import type { StreamedChange } from '../../changelog/streamed-change.ts';
import type { StreamedPlace, StreamedSlice } from '../../views/gaps.ts';

/** Changes of a slice, which a statement over it has in memory. A slice of a single shard may have twice as many. */
const SLICE_SIZE = 100_000;

type Shard = {
  count: number;
  /** The greatest position so far. */
  last: string;
  readonly cuts: string[];
};

/**
 * Cuts the changes of a stream into slices, while they are added.
 *
 * Every change is in one slice, in whichever order the changes were added. The slices have much the same size if each
 * shard's changes come in order, as a stream gives them.
 */
export class BufferedSlices {
  readonly #shards = new Map<string, Shard>();
  readonly #size: number;

  constructor(size = SLICE_SIZE) {
    this.#size = size;
  }

  add(changes: readonly StreamedChange[]): void {
    for (const { shardId, position } of changes) {
      const shard = this.#shards.get(shardId) ?? { count: 0, last: '', cuts: [] };
      this.#shards.set(shardId, shard);
      shard.count++;
      if (position > shard.last) shard.last = position;
      if (shard.count % this.#size === 0) shard.cuts.push(shard.last);
    }
  }

  /** The slices so far, in the order of shards and positions. */
  all(): readonly StreamedSlice[] {
    const ends: StreamedPlace[] = [];
    let open = 0;
    for (const [shardId, { count, last, cuts }] of this.#inOrder()) {
      for (const position of new Set(cuts)) ends.push({ shardId, position });
      open = (cuts.length > 0 ? 0 : open) + (count % this.#size);
      if (open < this.#size || ends.at(-1)?.shardId === shardId) continue;
      ends.push({ shardId, position: last });
      open = 0;
    }
    return [...ends, null].map((upTo, index) => ({ after: ends[index - 1] ?? null, upTo }));
  }

  /** In DuckDB's order of text, by bytes. No slice ends in a name that spans lines: statements are indented. */
  #inOrder(): readonly (readonly [string, Shard])[] {
    return [...this.#shards]
      .filter(([shardId]) => !/[\r\n]/.test(shardId))
      .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }
}
