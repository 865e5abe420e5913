import { TailraceError } from '../../src/errors.ts';
import { snapshotBefore } from '../../src/snapshot/history.ts';
import type { Dependencies } from '../dependencies.ts';
import type { ExitCode } from '../exit-code.ts';
import { openSnapshots, type SnapshotsOptions } from '../kept-snapshots.ts';
import type { Start } from '../program.ts';
import { publishSnapshot } from '../publish-snapshot.ts';
import { examples } from '../terminal/examples.ts';
import type { Output } from '../terminal/output.ts';
import type { Group } from './group.ts';

export function declareSnapshotsRollback(parent: Group, start: Start): void {
  const command = parent
    .command('rollback')
    .summary('go back to the published snapshot before')
    .description(
      'Makes the latest view of a table stand on the snapshot that was published before the one that it stands on. All ' +
        'changes since the floor of that older one count over it, so what is lost is only what the younger one repaired.',
    )
    .argument('<table>', 'name of the DynamoDB table')
    .addHelpText('after', examples('tailrace snapshots rollback orders --destination duckdb:shop.duckdb'));
  command.action((table) =>
    start(command.optsWithGlobals(), table, (invocation, dependencies, output) =>
      snapshotsRollback({ ...invocation, table }, dependencies, output),
    ),
  );
}

/** Goes back to the snapshot that was published before. */
export async function snapshotsRollback(
  options: SnapshotsOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  await using kept = await openSnapshots(options, dependencies);
  const before = snapshotBefore(kept.history);
  if (!before) {
    throw new TailraceError('usage-invalid', `There is no published snapshot of ${options.table} to go back to`, {
      remedy: `\`tailrace snapshots list ${options.table}\` shows which there are.`,
    });
  }
  await publishSnapshot(kept, before, dependencies, output);
  return 0;
}
