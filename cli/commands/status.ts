import { DeadLetterDirectory } from '../../src/delivery/dead-letter-directory.ts';
import type { Destination } from '../../src/destination/destination.ts';
import { isKind, TailraceError } from '../../src/errors.ts';
import { labelOf } from '../../src/order/position.ts';
import { parseStreamArn } from '../../src/order/stream-arn.ts';
import { snapshotHistory } from '../../src/snapshot/history.ts';
import type { Published } from '../../src/snapshot/published.ts';
import type { SourceTable } from '../../src/source/source-table.ts';
import type { Checkpoint } from '../../src/stream/checkpoint.ts';
import { readCheckpoint } from '../../src/stream/checkpoint-file.ts';
import { describeLoss } from '../../src/stream/loss.ts';
import type { Dependencies } from '../dependencies.ts';
import { type Invocation, stateOf } from '../invocation.ts';
import type { ExitCode } from '../start.ts';
import { statePaths } from '../state/state-paths.ts';
import { count, counted, duration, isoTime } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';
import { listOf } from '../terminal/table.ts';
import { findOtherTable } from '../warnings/other-table.ts';
import { describeUnproven } from '../warnings/unproven-changes.ts';

export type StatusOptions = Invocation & {
  /** `undefined` for every table that the destination holds. */
  readonly table: string | undefined;
};

/** Shows what the destination holds of one table, or of all. */
export async function status(options: StatusOptions, dependencies: Dependencies, output: Output): Promise<ExitCode> {
  await using destination = await dependencies.openDestination(options.destination);
  const sources = await destination.sources();
  const chosen = sources.filter(({ name }) => options.table === undefined || name === options.table);
  if (options.table !== undefined && chosen.length === 0) {
    throw new TailraceError('destination-missing', `Nothing of table ${options.table} is in ${destination.name}`);
  }
  if (chosen.length === 0) output.note(`Nothing is in ${destination.name} yet.`);
  using local = chosen.length === 0 ? null : await dependencies.connectLocally(options.aws);
  let first = true;
  for (const table of chosen) {
    const other = local ? await findOtherTable(table, local, dependencies.clock) : undefined;
    const found = await inspect(table, destination, options, dependencies, other);
    if (output.json) output.emit(found);
    else output.print(`${first ? '' : '\n'}${listOf(linesOf(found))}`);
    if (other) output.warn(`${other.message}. ${other.remedy.replaceAll('TABLE', () => table.name)}`);
    if (found.foreign_snapshots > 0) output.warn(foreignSentence(table.name, found.foreign_snapshots));
    if (found.unproven !== null) output.warn(found.unproven);
    for (const range of found.tail?.lost ?? []) {
      output.warn(
        `The stream dropped ${range} of ${table.name} before tail read it. Run \`tailrace backfill ${table.name}\`.`,
      );
    }
    first = false;
  }
  return 0;
}

type Status = Awaited<ReturnType<typeof inspect>>;

/** Everything known of a table, under the names of the JSON output. Times are ISO 8601 in UTC. */
async function inspect(
  table: SourceTable,
  destination: Destination,
  options: StatusOptions,
  { clock }: Dependencies,
  other: TailraceError | undefined,
) {
  const { rows, newestChangedAt, newestIngestedAt, newestPosition } = await destination.changelogStatus(table);
  const published = await destination.published(table);
  const paths = statePaths(stateOf(options, table.name));
  const checkpoint = await readCheckpoint(paths.checkpoint);
  // With --state, several tables can share one directory.
  const tail = checkpoint && parseStreamArn(checkpoint.streamArn)?.tableArn === table.arn ? checkpoint : undefined;
  const label = newestLabel(newestPosition, tail);
  return {
    table: table.name,
    table_arn: table.arn,
    table_id: table.tableId,
    seen_streams: (await destination.known(table.name))?.seen?.streams ?? [],
    other_table: other?.message ?? null,
    foreign_snapshots: await countForeignSnapshots(table, destination, published),
    destination: destination.name,
    changes: rows,
    items: await destination.countLatest(table),
    newest_changed_at: isoOf(newestChangedAt),
    lag_ms: newestChangedAt === null ? null : Math.max(0, clock.now() - newestChangedAt),
    freshness_ms:
      newestChangedAt === null || newestIngestedAt === null ? null : Math.max(0, newestIngestedAt - newestChangedAt),
    newest_stream_label: label,
    snapshot_id: published?.snapshotId ?? null,
    snapshot_floor: isoOf(published?.floor ?? null),
    snapshot_stream_label: published?.streamLabel ?? null,
    unproven: describeUnproven(table.name, published, label) ?? null,
    tail: tail ? tailOf(tail) : null,
    dead_letters: await new DeadLetterDirectory(paths.deadLetters).count(),
  };
}

/** Counts the snapshots of other tables of the same name that still exist. */
async function countForeignSnapshots(
  table: SourceTable,
  destination: Destination,
  published: Published | undefined,
): Promise<number> {
  const ledger = await destination.ledger(table).catch((error: unknown) => {
    // A ledger that was dropped lists none.
    if (isKind(error, 'destination-missing')) return [];
    throw error;
  });
  const history = snapshotHistory(ledger, published, table);
  return history.filter(({ isForeign, droppedAt }) => isForeign && droppedAt === null).length;
}

function foreignSentence(table: string, snapshots: number): string {
  return (
    `${counted(snapshots, 'snapshot')} of another table named ${table} still ${snapshots === 1 ? 'exists' : 'exist'}, and will ` +
    `never be published: see \`tailrace snapshots list ${table}\`.`
  );
}

/** The newest stream label known: a tail may follow a stream that has delivered no change yet. */
function newestLabel(position: string | null, tail: Checkpoint | undefined): string | null {
  const labels = [position && labelOf(position), tail && parseStreamArn(tail.streamArn)?.label];
  return labels.reduce<string | null>((newest, label) => (label && label > (newest ?? '') ? label : newest), null);
}

function tailOf({ streamArn, destination, describedAt, shards, lost }: Checkpoint) {
  return {
    stream_arn: streamArn,
    destination,
    described_at: isoOf(describedAt),
    shards: shards.size,
    open_shards: [...shards.values()].filter(({ done }) => !done).length,
    lost: lost.map(describeLoss),
  };
}

function linesOf(found: Status): (readonly [string, string])[] {
  const { newest_changed_at: newest, lag_ms: lag, freshness_ms: freshness, tail } = found;
  return [
    ['table', `${found.table} (${found.table_arn})`],
    ['table id', found.table_id ?? 'not known: no command has asked DynamoDB yet'],
    ['items', count(found.items)],
    ['changes', count(found.changes)],
    // In the destination, a quiet table and a stopped reader look the same.
    [
      'newest change',
      newest === null || lag === null ? 'none' : `${newest}, ${duration(lag)} ago (quiet table or stopped reader)`,
    ],
    ['freshness', freshness === null ? 'unknown' : `${duration(freshness)} (times of changes are whole seconds)`],
    [
      'snapshot',
      found.snapshot_id === null ? 'none' : `${found.snapshot_id}, changes count from ${found.snapshot_floor}`,
    ],
    ['tail', tail === null ? 'no checkpoint here' : `${counted(tail.open_shards, 'open shard')} of ${tail.shards}`],
    ['dead letters', count(found.dead_letters)],
  ];
}

function isoOf(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}
