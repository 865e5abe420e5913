import type { AttributeMap } from '../src/value/attribute-value.ts';
import type { SnapshotBasis } from './pending-snapshot.ts';

/** Names the file's format and version; a file of another one is refused. */
export const CHECKPOINT_FORMAT = 'tailrace-backfill-checkpoint/2';

/** The command that starts over, as a person types it; also for a repair, which has no such option. */
export const RESTART = '`tailrace backfill TABLE --restart`';

/** How far one segment of a scan has come. Everything up to its `startKey` is durable in the destination. */
export type SegmentProgress = {
  /** Where its next page starts; `null` at its beginning. */
  readonly startKey: AttributeMap | null;
  /** Whether it was read to its end. */
  readonly done: boolean;
  /** Items read up to here. */
  readonly items: number;
  /** Rows that are durable in the destination. */
  readonly rows: number;
  /** Loads that one of its pages filled. Their sum over all segments is the number of the snapshot's loads. */
  readonly chunks: number;
  /** Items that can't be carried exactly, stored as dead letters. */
  readonly setAside: number;
};

/** How far a backfill has come, stored between its runs: never ahead of what is durable. */
export type BackfillCheckpoint = {
  /** The destination, as a user names it. */
  readonly destination: string;
  readonly basis: SnapshotBasis;
  /** Fingerprint of the transform's rules that its rows went through; `null` if it has none. */
  readonly rules: string | null;
  readonly segments: readonly SegmentProgress[];
  /** Read capacity units that all runs so far may have used. */
  readonly units: number;
  /** Whether it is being dropped: the next run finishes that, and starts over. */
  readonly isDropping?: boolean;
};

/** Stores the checkpoint of one backfill. One run at a time. */
export interface BackfillCheckpoints {
  /** Where a person finds it: a path. */
  readonly name: string;
  /** Where the backfill goes, as a user names it. */
  readonly destination: string;
  /**
   * The checkpoint that an earlier run left; `null` if none did.
   *
   * @throws {TailraceError} `state-invalid` if it can't be read as a checkpoint.
   */
  load(): Promise<BackfillCheckpoint | null>;
  /** When it resolves, the checkpoint is durable. */
  save(checkpoint: BackfillCheckpoint): Promise<void>;
  /** Removes it; does nothing if there is none. */
  clear(): Promise<void>;
}

/** The progress of `count` segments before any is read. */
export function unread(count: number): readonly SegmentProgress[] {
  const nothing = { startKey: null, done: false, items: 0, rows: 0, chunks: 0, setAside: 0 };
  return Array.from({ length: count }, () => nothing);
}
