import type { StreamedChange } from '../changelog/streamed-change.ts';
import type { SourceTable } from '../source/source-table.ts';

/**
 * Changes that follow each other in a shard and that the changelog lacks for the same reason. A long row of them may be
 * given as several ranges.
 */
export type GapRange = {
  readonly shardId: string;
  /** `missing`, unless too young to tell (`in-flight`) or among the dead letters (`parked`). */
  readonly status: 'missing' | 'in-flight' | 'parked';
  /** The first and the last sequence number, both inclusive, as the stream spells them. */
  readonly from: string;
  readonly to: string;
  /** The position of the last. */
  readonly position: string;
  /** Number of the last change among those compared of its shard. Two changes may share a position, never an ordinal. */
  readonly ordinal: number;
  readonly records: number;
};

/** How many distinct changes a stream holds, and how many of them the changelog lacks, by status. */
export type GapCounts = Readonly<Record<GapRange['status'] | 'streamed', number>>;

/** Compares the changes that a stream holds with the changelog, inside the destination. */
export interface GapSearch extends AsyncDisposable {
  /** Adds changes that the stream holds. When it resolves, they count. A change may be added twice. */
  add(changes: readonly StreamedChange[]): Promise<void>;
  /** @param lagCutoff A change made after this, in milliseconds since the epoch, may still be on its way. */
  counts(lagCutoff: number): Promise<GapCounts>;
  /**
   * The changes that the changelog doesn't have at the time of the call, as ranges in order of shard and position.
   *
   * @param after The last range of the previous page; `null` begins.
   */
  ranges(lagCutoff: number, limit: number, after: GapRange | null): Promise<readonly GapRange[]>;
}

export interface GapFinder {
  /**
   * Starts a search for changes that the changelog of `table` doesn't have, by position and key. Disposing of it leaves
   * nothing behind.
   *
   * @param id Names what the search stores in the destination meanwhile: `[a-z0-9]+`, unique.
   * @throws {TailraceError} `destination-missing` if the table has no changelog.
   */
  findGaps(table: SourceTable, id: string): Promise<GapSearch>;
}
