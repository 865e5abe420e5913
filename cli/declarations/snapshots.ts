import { interruptible } from '../../src/interruptible.ts';
import { TABLE_ARGUMENT, YES_OPTION } from '../options/declarations.ts';
import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';
import { declareGroup, type Group, type GroupHelp } from './group.ts';

const HELP: GroupHelp = {
  noun: 'snapshots',
  description:
    'Snapshots: the items of a table as a backfill has read them or a compaction has folded them, each a table of its ' +
    'own. The state, which all views show, stands on one of them and on the changes since. None of these commands needs AWS.',
  example: 'tailrace snapshots list orders --destination duckdb:shop.duckdb',
};

export function declareSnapshots(root: Root, start: Start): void {
  declareGroup(root, start, HELP, [
    declareSnapshotsList,
    declareSnapshotsPublish,
    declareSnapshotsRollback,
    declareSnapshotsDrop,
  ]);
}

function declareSnapshotsList(parent: Group, start: Start): void {
  const command = parent
    .command('list')
    .summary('list the snapshots of a table')
    .description(
      'Lists the snapshots of a table, oldest first: their state, items and size, when they were published, and whether ' +
        'a newer stream of the table has delivered changes: then changes between the two streams are lost, and the ' +
        'changelog is not complete. A foreign snapshot was read from another table of the same name, such as one that ' +
        'was deleted since, and is never published. With --json also who read them and how, and their floor: the time ' +
        'from which changes count over them.',
    )
    .argument(...TABLE_ARGUMENT)
    .option('--all', 'list dropped snapshots, too')
    .addHelpText('after', examples('tailrace snapshots list orders --destination duckdb:shop.duckdb'));
  command.action((table, { all = false }) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { snapshotsList } = await import('../commands/snapshots/list.ts');
      return interruptible(
        'The listing',
        dependencies.signal,
        snapshotsList({ ...invocation, table, all }, dependencies, output),
      );
    }),
  );
}

function declareSnapshotsPublish(parent: Group, start: Start): void {
  const command = parent
    .command('publish')
    .summary('make the state stand on a snapshot')
    .description(
      'Makes the state of a table, and so all its views, stand on a snapshot, older or newer than the published one. All ' +
        'changes since its floor count over it. Refused if the snapshot of another reading is published in between.',
    )
    .argument(...TABLE_ARGUMENT)
    .argument('<id>', 'id of the snapshot, as in the list')
    .addHelpText(
      'after',
      examples('tailrace snapshots publish orders 20261122t101500za1b2 --destination duckdb:shop.duckdb'),
    );
  command.action((table, id) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { snapshotsPublish } = await import('../commands/snapshots/publish.ts');
      return snapshotsPublish({ ...invocation, table, id }, dependencies, output);
    }),
  );
}

function declareSnapshotsRollback(parent: Group, start: Start): void {
  const command = parent
    .command('rollback')
    .summary('go back to the snapshot of another reading')
    .description(
      'Makes the state of a table stand on the newest snapshot of another reading than the published one goes back to, of ' +
        'those that were published once and are not dropped. A compaction of the same reading shows the same state. All ' +
        'changes since its floor count over it, so only the repairs of the other reading are lost. A second rollback ' +
        'undoes the first.',
    )
    .argument(...TABLE_ARGUMENT)
    .addHelpText('after', examples('tailrace snapshots rollback orders --destination duckdb:shop.duckdb'));
  command.action((table) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { snapshotsRollback } = await import('../commands/snapshots/rollback.ts');
      return snapshotsRollback({ ...invocation, table }, dependencies, output);
    }),
  );
}

function declareSnapshotsDrop(parent: Group, start: Start): void {
  const command = parent
    .command('drop')
    .summary('drop a snapshot')
    .description(
      'Drops a snapshot for good, but never the published one. Asks first. If it is the snapshot of an unfinished ' +
        'backfill, that backfill reports the loss when it resumes.',
    )
    .argument(...TABLE_ARGUMENT)
    .argument('<id>', 'id of the snapshot, as in the list')
    .option(...YES_OPTION)
    .addHelpText(
      'after',
      examples('tailrace snapshots drop orders 20261122t101500za1b2 --destination duckdb:shop.duckdb'),
    );
  command.action((table, id, { yes = false }) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { snapshotsDrop } = await import('../commands/snapshots/drop.ts');
      return snapshotsDrop({ ...invocation, table, id, yes }, dependencies, output);
    }),
  );
}
