import type { StreamedChange } from '../changelog/streamed-change.ts';
import type { SourceTable } from '../source/source-table.ts';

/**
 * Changes that follow each other in a shard, are not in the changelog, and are so for the same reason. A long row of them
 * may be given as several ranges.
 */
export type GapRange = {
  readonly shardId: string;
  /** `missing`, unless it is too young to tell (`in-flight`) or among the dead letters (`parked`). */
  readonly standing: 'missing' | 'in-flight' | 'parked';
  /** The first and the last sequence number, both part of it, as the stream spells them. */
  readonly from: string;
  readonly to: string;
  /** The position of the last. */
  readonly position: string;
  /** The number of the last among what was looked at of its shard: no two changes share one, as they may a position. */
  readonly ordinal: number;
  readonly records: number;
};

/** How many distinct changes a stream holds, and how they stand to the changelog. */
export type GapCounts = Readonly<Record<GapRange['standing'] | 'held', number>>;

/** The comparison of what a stream holds with the changelog, made inside the destination. */
export interface GapSearch extends AsyncDisposable {
  /** Adds changes that the stream holds. When it resolves, they count. One may be added twice. */
  add(changes: readonly StreamedChange[]): Promise<void>;
  /** @param settledUntil What changed after this, in milliseconds since the epoch, may still be on its way. */
  counts(settledUntil: number): Promise<GapCounts>;
  /**
   * The changes that the changelog doesn't have at the time of the call, as ranges in order of shard and position.
   *
   * @param after The last range of those that were given before; `null` begins.
   */
  ranges(settledUntil: number, limit: number, after: GapRange | null): Promise<readonly GapRange[]>;
}

export interface GapFinder {
  /**
   * Starts a search for changes that the changelog of `table` doesn't have, by position and key. Disposing of it leaves
   * nothing behind.
   *
   * @param id Names what it keeps in the destination meanwhile: `[a-z0-9]+`, unique.
   * @throws {TailraceError} `destination-missing` if the table has no changelog.
   */
  findGaps(table: SourceTable, id: string): Promise<GapSearch>;
}
