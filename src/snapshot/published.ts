import type { SnapshotId } from './snapshot-id.ts';

/**
 * What a table's state stands on: the literals in the view `T_state`, and those of a snapshot, in its own annotation.
 *
 * Without a snapshot (`snapshotId` null) the state is the stream's changes alone. Times are milliseconds since the epoch.
 */
export type Published = {
  readonly snapshotId: SnapshotId | null;
  /** Changes before it never count; `null`: all count. */
  readonly floor: number | null;
  /** Label of the stream that was on when the source was read; rows of earlier labels never count. `null`: all count. */
  readonly streamLabel: string | null;
  /** Rows ingested before it need not be read: the snapshot has taken them in, or they are before its floor. */
  readonly from: number | null;
  /** The scan or export that the snapshot goes back to: its own id if it is one; `null` if it goes back to none. */
  readonly reading: SnapshotId | null;
  /** The greatest position that a compaction took in; `null` without one. Rows above it need no comparison. */
  readonly folded: string | null;
  readonly generation: number;
};

/** What a new table's state stands on. */
export function unpublished(generation: number): Published {
  return { snapshotId: null, floor: null, streamLabel: null, from: null, reading: null, folded: null, generation };
}

/** Whether two states stand on the same. */
export function isSamePublished(a: Published, b: Published): boolean {
  return (
    a.snapshotId === b.snapshotId &&
    a.floor === b.floor &&
    a.streamLabel === b.streamLabel &&
    a.from === b.from &&
    a.reading === b.reading &&
    a.folded === b.folded &&
    a.generation === b.generation
  );
}
