import type { Dependencies } from '../../dependencies.ts';
import { TABLE_ARGUMENT } from '../../options/declarations.ts';
import { examples } from '../../root.ts';
import type { ExitCode, Start } from '../../start.ts';
import type { Output } from '../../terminal/output.ts';
import type { Group } from '../group.ts';
import { publishSnapshot } from './publish-snapshot.ts';
import { findSnapshot, openSnapshots, type SnapshotsOptions } from './stored-snapshots.ts';

export type SnapshotsPublishOptions = SnapshotsOptions & { readonly id: string };

export function declareSnapshotsPublish(parent: Group, start: Start): void {
  const command = parent
    .command('publish')
    .summary('base the latest view on a snapshot')
    .description(
      'Bases the latest view of a table on a snapshot, older or newer than the published one. All changes since its ' +
        'floor count over it. Refused if another snapshot is published in between.',
    )
    .argument(...TABLE_ARGUMENT)
    .argument('<id>', 'id of the snapshot, as in the list')
    .addHelpText(
      'after',
      examples('tailrace snapshots publish orders 20261122t101500za1b2 --destination duckdb:shop.duckdb'),
    );
  command.action((table, id) =>
    start(command.optsWithGlobals(), table, (invocation, dependencies, output) =>
      snapshotsPublish({ ...invocation, table, id }, dependencies, output),
    ),
  );
}

/** Makes the latest view of a table stand on a snapshot. */
export async function snapshotsPublish(
  options: SnapshotsPublishOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  await using stored = await openSnapshots(options, dependencies);
  await publishSnapshot(stored, findSnapshot(stored, options.id), dependencies, output);
  return 0;
}
