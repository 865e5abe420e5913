import type { Start } from '../program.ts';
import type { Root } from '../root.ts';
import { examples } from '../terminal/examples.ts';
import { declareSnapshotsDrop } from './snapshots-drop.ts';
import { declareSnapshotsList } from './snapshots-list.ts';
import { declareSnapshotsPublish } from './snapshots-publish.ts';
import { declareSnapshotsRollback } from './snapshots-rollback.ts';

/** The command that the others of snapshots belong to. */
export type SnapshotsCommand = ReturnType<typeof createCommand>;

export function declareSnapshots(root: Root, start: Start): void {
  const command = createCommand(root);
  for (const declare of [
    declareSnapshotsList,
    declareSnapshotsPublish,
    declareSnapshotsRollback,
    declareSnapshotsDrop,
  ]) {
    declare(command, start);
  }
}

function createCommand(root: Root) {
  return root
    .command('snapshots')
    .summary('look at snapshots, publish, go back and drop')
    .description(
      'Snapshots: what backfills have read of a table, each a table of its own. The latest view stands on one of them, ' +
        'and on the changes since its floor. None of these commands needs AWS.',
    )
    .addHelpText('after', examples('tailrace snapshots list orders --destination duckdb:shop.duckdb'))
    .helpCommand(false);
}
