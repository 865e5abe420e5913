import type { Root } from '../../root.ts';
import type { Start } from '../../start.ts';
import { declareGroup, type GroupHelp } from '../group.ts';
import { declareSnapshotsDrop } from './drop.ts';
import { declareSnapshotsList } from './list.ts';
import { declareSnapshotsPublish } from './publish.ts';
import { declareSnapshotsRollback } from './rollback.ts';

const HELP: GroupHelp = {
  noun: 'snapshots',
  summary: 'list, publish, roll back and drop snapshots',
  description:
    'Snapshots: the items of a table as backfills have read them, each a table of its own. The latest view is based on ' +
    'one of them, and on the changes since its floor. None of these commands needs AWS.',
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
