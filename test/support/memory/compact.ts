import { runCompaction } from '../../../backfill/compaction.ts';
import type { SnapshotId } from '../../../src/snapshot/snapshot-id.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import { fixedClock } from '../clock/simple-clocks.ts';
import { tableDescription } from '../stream/table-description.ts';
import { seededRandom } from '../values/seeded-random.ts';
import { RecordingLog } from './recording-log.ts';
import type { MemorySnapshots } from './snapshots.ts';

/** Publishes a compaction of what the state stands on, as another process does, and returns its id. */
export async function compact(
  destination: MemorySnapshots,
  table: SourceTable = tableDescription().table,
): Promise<SnapshotId> {
  const { snapshotId } = await runCompaction({
    table,
    destination,
    clock: fixedClock(Date.UTC(2026, 4, 5)),
    random: seededRandom(destination.events.length),
    log: new RecordingLog(),
    actor: 'compactor@host',
    signal: new AbortController().signal,
    horizonMs: 400 * 24 * 60 * 60_000,
  });
  return snapshotId;
}
