import { TailraceError } from '../../../src/errors.ts';
import type { Dependencies } from '../../dependencies.ts';
import { TABLE_ARGUMENT } from '../../options/declarations.ts';
import { examples } from '../../root.ts';
import type { ExitCode, Start } from '../../start.ts';
import type { Output } from '../../terminal/output.ts';
import type { Group } from '../group.ts';
import { publishSnapshot } from './publish-snapshot.ts';
import { openSnapshots, type SnapshotsOptions } from './stored-snapshots.ts';

export function declareSnapshotsRollback(parent: Group, start: Start): void {
  const command = parent
    .command('rollback')
    .summary('go back to the snapshot that was published before')
    .description(
      'Bases the latest view of a table on the snapshot that was published before the current one: by time of ' +
        'publishing, not by age, and without dropped ones. All changes since its floor count over it, so only the repairs ' +
        'of the newer snapshot are lost. A second rollback undoes the first.',
    )
    .argument(...TABLE_ARGUMENT)
    .addHelpText('after', examples('tailrace snapshots rollback orders --destination duckdb:shop.duckdb'));
  command.action((table) =>
    start(command.optsWithGlobals(), table, (invocation, dependencies, output) =>
      snapshotsRollback({ ...invocation, table }, dependencies, output),
    ),
  );
}

/** Goes back to the snapshot that the latest view stood on before. */
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
      `There is no published snapshot of ${options.table} to go back to${others}`,
      {
        remedy: `\`tailrace snapshots list ${options.table}\` lists them.`,
      },
    );
  }
  await publishSnapshot(stored, before, dependencies, output);
  return 0;
}
