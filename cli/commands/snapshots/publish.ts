import type { Dependencies } from '../../dependencies.ts';
import type { ExitCode } from '../../start.ts';
import type { Output } from '../../terminal/output.ts';
import { publishSnapshot } from './publish-snapshot.ts';
import { findSnapshot, openSnapshots, type SnapshotsOptions } from './stored-snapshots.ts';

export type SnapshotsPublishOptions = SnapshotsOptions & { readonly id: string };

/** Makes the state of a table stand on a snapshot. */
export async function snapshotsPublish(
  options: SnapshotsPublishOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  await using stored = await openSnapshots(options, dependencies);
  await publishSnapshot(stored, findSnapshot(stored, options.id), dependencies, output);
  return 0;
}
