import { TailraceError } from '../../../src/errors.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { ExitCode } from '../../start.ts';
import { counted } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import { confirmLoss } from '../confirm-loss.ts';
import type { SnapshotsPublishOptions } from './publish.ts';
import { findSnapshot, openSnapshots } from './stored-snapshots.ts';

export type SnapshotsDropOptions = SnapshotsPublishOptions & {
  /** Whether the loss is confirmed. */
  readonly yes: boolean;
};

const BACKFILL = 'The backfill that reads it is not finished, and reports the loss when it resumes.';
const COMPACTION = 'The compaction that makes it is not finished: if it runs, it fails, and the state stays as it is.';

/** Drops a snapshot that isn't published, once the user has confirmed it. */
export async function snapshotsDrop(
  options: SnapshotsDropOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  await using stored = await openSnapshots(options, dependencies);
  const { destination, table } = stored;
  const { id, begun, isPublished, items, isWhole } = findSnapshot(stored, options.id);
  if (isPublished || begun === null) throw published(table.name, id);
  const what = `snapshot ${id} of ${table.name}${items === null ? '' : ` (${counted(items, 'item')})`} for good`;
  const notes = isWhole ? [] : [begun.kind === 'compaction' ? COMPACTION : BACKFILL];
  if (!(await confirmLoss({ verb: 'drop', what, notes }, options.yes, dependencies, output))) return 1;
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
