import type { AttributeMap } from '../src/value/attribute-value.ts';
import type { SnapshotBasis } from './pending-snapshot.ts';

/** Names the format of the file and its version; a file of another is refused. */
export const CHECKPOINT_FORMAT = 'tailrace-backfill-checkpoint/1';

/** What begins anew, as a person types it. For a repair too, which has no such option. */
export const RESTART = '`tailrace backfill TABLE --restart`';

/** How far one segment of a scan has come. Everything up to its `startKey` is durable in the destination. */
export type SegmentProgress = {
  /** Where its next page starts; `null` at its beginning. */
  readonly startKey: AttributeMap | null;
  /** Whether it was read to its end. */
  readonly done: boolean;
  /** Items read up to here. */
  readonly items: number;
  /** Rows that the destination said are durable. */
  readonly rows: number;
  /** Loads that one of its pages made full. Over all segments, those of the snapshot. */
  readonly chunks: number;
  /** Items that can't be carried exactly, kept as dead letters. */
  readonly setAside: number;
};

/** How far a backfill has come, kept between its runs: never ahead of what is durable. */
export type BackfillCheckpoint = {
  /** The destination, as a user names it. */
  readonly destination: string;
  readonly basis: SnapshotBasis;
  /** Fingerprint of the privacy rules that its rows have seen; `null` if there were none. */
  readonly rules: string | null;
  readonly segments: readonly SegmentProgress[];
  /** Read capacity units that all runs so far may have used. */
  readonly units: number;
  /** Whether it is being dropped: whoever finds it so drops what is left, and begins anew. */
  readonly isDropping?: boolean;
};

/** Where the checkpoint of one backfill is kept. One run at a time. */
export interface BackfillCheckpoints {
  /** As a person finds it: a path. */
  readonly name: string;
  /** Where the backfill goes, as a user names it. */
  readonly destination: string;
  /**
   * The checkpoint that a run before left; `null` if none did.
   *
   * @throws {TailraceError} `state-invalid` if what is there is no checkpoint.
   */
  load(): Promise<BackfillCheckpoint | null>;
  /** When it resolves, the checkpoint is durable. */
  save(checkpoint: BackfillCheckpoint): Promise<void>;
  /** Forgets it; none is no error. */
  clear(): Promise<void>;
}

/** The progress of `count` segments that nobody has read yet. */
export function unread(count: number): readonly SegmentProgress[] {
  const nothing = { startKey: null, done: false, items: 0, rows: 0, chunks: 0, setAside: 0 };
  return Array.from({ length: count }, () => nothing);
}
