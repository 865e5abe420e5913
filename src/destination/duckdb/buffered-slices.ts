import type { StreamedChange } from '../../changelog/streamed-change.ts';
import type { StreamedPlace, StreamedSlice } from '../../views/gaps.ts';

/** Changes to a slice: as much as a statement over one keeps in memory. One of a single shard may have twice as many. */
const SLICE = 100_000;

type Shard = {
  count: number;
  /** The greatest position so far. */
  last: string;
  readonly cuts: string[];
};

/**
 * Cuts what a stream holds into slices, while it is added.
 *
 * The slices cover everything once, whatever was added in whichever order; they are of much the same size if each shard's
 * changes come in their order, as a stream gives them.
 */
export class BufferedSlices {
  readonly #shards = new Map<string, Shard>();
  readonly #size: number;

  constructor(size = SLICE) {
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

  /** As DuckDB orders text, by its bytes. No slice ends in a name that spans lines: statements are indented. */
  #inOrder(): readonly (readonly [string, Shard])[] {
    return [...this.#shards]
      .filter(([shardId]) => !/[\r\n]/.test(shardId))
      .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }
}
