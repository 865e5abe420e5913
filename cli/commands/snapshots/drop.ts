import { TailraceError } from '../../../src/errors.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { ExitCode } from '../../start.ts';
import type { Output } from '../../terminal/output.ts';
import type { SnapshotsPublishOptions } from './publish.ts';
import { findSnapshot, openSnapshots } from './stored-snapshots.ts';

/** Drops a snapshot, unless it is published. */
export async function snapshotsDrop(
  options: SnapshotsPublishOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  await using stored = await openSnapshots(options, dependencies);
  const { destination, table } = stored;
  const { id, begun, isPublished } = findSnapshot(stored, options.id);
  if (isPublished || begun === null) throw published(table.name, id);
  await destination.dropSnapshot(table, id);
  const event = { at: dependencies.clock.now(), event: 'dropped', actor: dependencies.actor } as const;
  await destination.record({ ...begun, ...event });
  if (output.json) output.emit({ table: table.name, snapshot_id: id, dropped: true });
  else output.print(`Dropped: ${id}.`);
  return 0;
}

function published(table: string, id: string): TailraceError {
  return new TailraceError('usage-invalid', `Snapshot ${id} of ${table} is the published one`, {
    remedy: 'Publish another one first.',
  });
}
