import { TailraceError } from '../../../src/errors.ts';
import type { Dependencies } from '../../dependencies.ts';
import { TABLE_ARGUMENT } from '../../options/declarations.ts';
import { examples } from '../../root.ts';
import type { ExitCode, Start } from '../../start.ts';
import type { Output } from '../../terminal/output.ts';
import type { Group } from '../group.ts';
import type { SnapshotsPublishOptions } from './publish.ts';
import { findSnapshot, openSnapshots } from './stored-snapshots.ts';

export function declareSnapshotsDrop(parent: Group, start: Start): void {
  const command = parent
    .command('drop')
    .summary('drop a snapshot')
    .description(
      'Drops a snapshot for good, but never the published one. If it is the snapshot of an unfinished backfill, that ' +
        'backfill reports the loss when it resumes.',
    )
    .argument(...TABLE_ARGUMENT)
    .argument('<id>', 'id of the snapshot, as in the list')
    .addHelpText(
      'after',
      examples('tailrace snapshots drop orders 20261122t101500za1b2 --destination duckdb:shop.duckdb'),
    );
  command.action((table, id) =>
    start(command.optsWithGlobals(), table, (invocation, dependencies, output) =>
      snapshotsDrop({ ...invocation, table, id }, dependencies, output),
    ),
  );
}

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
