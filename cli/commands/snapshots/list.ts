import type { SnapshotRecord } from '../../../src/snapshot/history.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { ExitCode } from '../../start.ts';
import { counted, isoTime, size } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import { printRows } from '../../terminal/table.ts';
import { isNewerStreamSeen, openSnapshots, type SnapshotsOptions, type StoredSnapshots } from './stored-snapshots.ts';

export type SnapshotsListOptions = SnapshotsOptions & {
  /** Whether dropped snapshots are listed, too. */
  readonly all: boolean;
};

/** Lists the snapshots of a table. */
export async function snapshotsList(
  options: SnapshotsListOptions,
  dependencies: Pick<Dependencies, 'openDestination'>,
  output: Output,
): Promise<ExitCode> {
  await using stored = await openSnapshots(options, dependencies);
  const shown = stored.history.filter(({ droppedAt }) => options.all || droppedAt === null);
  if (shown.length === 0)
    output.note(`There is no snapshot of ${options.table}. Run \`tailrace backfill ${options.table}\`.`);
  const objects: SnapshotObject[] = [];
  for (const snapshot of shown) objects.push(await objectOf(stored, snapshot));
  const { destination, published, newestLabel } = stored;
  const foreign = shown.filter((snapshot) => stateOf(snapshot) === 'foreign').length;
  if (output.json) {
    for (const object of objects) output.emit(object);
    output.emit({
      table: options.table,
      destination: destination.name,
      snapshots: objects.length,
      published_snapshot_id: published.snapshotId,
      newest_stream_label: newestLabel,
    });
  } else {
    printRows({ columns: COLUMNS, rows: objects.map(rowOf) }, output);
    output.print(`${counted(objects.length, 'snapshot')} of ${options.table} in ${destination.name}.`);
  }
  if (foreign > 0) {
    output.note(
      `${counted(foreign, 'snapshot')} of another table of this name: never published. ` +
        `\`tailrace snapshots drop ${options.table} ID\` drops one.`,
    );
  }
  return 0;
}

/** Fewer than an object has, so that a table fits 100 columns. */
const COLUMNS = ['snapshot', 'state', 'items', 'size', 'published at', 'newer stream'];

function rowOf(object: SnapshotObject) {
  return [
    object.snapshot_id,
    object.state,
    object.items,
    object.bytes === null ? null : size(object.bytes),
    object.published_at,
    object.newer_stream_seen === null ? null : object.newer_stream_seen ? 'seen' : 'not seen',
  ];
}

type SnapshotObject = Awaited<ReturnType<typeof objectOf>>;

async function objectOf(stored: StoredSnapshots, snapshot: SnapshotRecord) {
  const { id, begun, items, publishedAt, droppedAt } = snapshot;
  return {
    snapshot_id: id,
    state: stateOf(snapshot),
    kind: begun?.kind ?? null,
    reading: begun?.reading ?? null,
    started_at: isoOf(begun?.startedAt ?? null),
    floor: isoOf(begun?.floor ?? null),
    items,
    bytes: droppedAt === null ? await stored.destination.snapshotBytes(stored.table, id) : null,
    actor: begun?.actor ?? null,
    published_at: isoOf(publishedAt),
    dropped_at: isoOf(droppedAt),
    table_id: begun?.tableId ?? null,
    stream_arn: begun?.streamArn ?? null,
    generation: begun?.generation ?? null,
    newer_stream_seen: isNewerStreamSeen(stored, snapshot),
  };
}

type State = 'published' | 'dropped' | 'foreign' | 'kept' | 'unfinished';

function stateOf({ isPublished, isForeign, droppedAt, isWhole }: SnapshotRecord): State {
  if (isPublished) return 'published';
  if (droppedAt !== null) return 'dropped';
  if (isForeign) return 'foreign';
  return isWhole ? 'kept' : 'unfinished';
}

function isoOf(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}
