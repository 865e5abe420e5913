import type { Published } from '../../../src/snapshot/published.ts';
import type { SnapshotId } from '../../../src/snapshot/snapshot-id.ts';
import { LABEL } from './rows.ts';

/** What a state over a scan stands on. Its tail begins two hours before its floor by default. */
export function publishedReading(id: SnapshotId, floor: number, parts: Partial<Published> = {}): Published {
  const from = floor - 2 * 60 * 60_000;
  return { snapshotId: id, floor, streamLabel: LABEL, from, reading: id, folded: null, generation: 1, ...parts };
}
