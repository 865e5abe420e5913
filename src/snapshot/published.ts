import { ingestedSince } from '../changelog/ingested-since.ts';
import type { SnapshotId } from './snapshot-id.ts';

/**
 * What a table's latest view stands on: the literals in the view itself, which are the truth.
 *
 * Without a snapshot (`snapshotId` null) the view shows the stream's changes alone.
 */
export type Published = {
  readonly snapshotId: SnapshotId | null;
  /** Milliseconds since the epoch; `null` without a snapshot. */
  readonly floor: number | null;
  /** Label of the stream that was on when the snapshot was read; rows of earlier labels don't count. */
  readonly streamLabel: string | null;
  readonly generation: number;
};

/** What the latest view of a new table stands on. */
export function unpublished(generation: number): Published {
  return { snapshotId: null, floor: null, streamLabel: null, generation };
}

/**
 * The time since which all changelog rows were ingested that count over what is published, in milliseconds since the
 * epoch; `null` if all rows may count.
 */
export function tailStart({ floor }: Published): number | null {
  return floor === null ? null : ingestedSince(floor);
}

/** Whether two views stand on the same. */
export function isSamePublished(a: Published, b: Published): boolean {
  return (
    a.snapshotId === b.snapshotId &&
    a.floor === b.floor &&
    a.streamLabel === b.streamLabel &&
    a.generation === b.generation
  );
}
