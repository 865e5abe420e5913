import { TailraceError } from '../../../src/errors.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { ExitCode } from '../../start.ts';
import type { Output } from '../../terminal/output.ts';
import { publishSnapshot } from './publish-snapshot.ts';
import { openSnapshots, type SnapshotsOptions } from './stored-snapshots.ts';

/** Makes the state stand on the newest snapshot of another reading. */
export async function snapshotsRollback(
  options: SnapshotsOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  await using stored = await openSnapshots(options, dependencies);
  const { before, history } = stored;
  if (!before) {
    const foreign = history.filter(({ isForeign, droppedAt }) => isForeign && droppedAt === null).map(({ id }) => id);
    const others = foreign.length === 0 ? '' : `; of another table of the name: ${foreign.join(', ')}`;
    throw new TailraceError(
      'usage-invalid',
      `There is no snapshot of another reading of ${options.table} to go back to${others}`,
      {
        remedy: `\`tailrace snapshots list ${options.table}\` lists them.`,
      },
    );
  }
  await publishSnapshot(stored, before, dependencies, output);
  return 0;
}
