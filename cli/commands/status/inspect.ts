import type { Destination } from '../../../src/destination/destination.ts';
import type { TailraceError } from '../../../src/errors.ts';
import { labelOf } from '../../../src/order/position.ts';
import { parseStreamArn } from '../../../src/order/stream-arn.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import { readCheckpoint } from '../../../src/stream/checkpoint-file.ts';
import { describeLoss } from '../../../src/stream/loss.ts';
import type { Dependencies } from '../../dependencies.ts';
import { type Invocation, stateOf } from '../../invocation.ts';
import { lockHolder } from '../../state/process-lock.ts';
import { statePaths } from '../../state/state-paths.ts';
import { storedDestination } from '../../state/stored-destination.ts';
import { isoTime } from '../../terminal/format.ts';
import { describeUnproven, greatestLabel } from '../../warnings/unproven-changes.ts';
import { countDeadLetters } from './dead-letters.ts';
import { lagOf } from './lag.ts';
import { lookIntoLedger } from './ledger.ts';
import { savedAt, type TailState, tailStateOf } from './tail-state.ts';

export type Status = Awaited<ReturnType<typeof inspect>>;

/** Everything known of a table, under the names of the JSON output. Times are ISO 8601 in UTC. */
export async function inspect(
  table: SourceTable,
  destination: Destination,
  options: Invocation & { readonly s3: string | undefined },
  dependencies: Dependencies,
  other: TailraceError | undefined,
) {
  const known = await destination.known(table.name);
  const published = await destination.published(table);
  const since = published?.from ?? null;
  const changes = await destination.changelogStatus(table, since);
  const { newestChangedAt, newestIngestedAt, newestPosition } = changes;
  const ledger = await lookIntoLedger(table, destination, published);
  const paths = statePaths(stateOf(options, table.name));
  const holder = await lockHolder(paths.tailLock);
  const checkpoint = await readCheckpoint(paths.checkpoint);
  const tail = tailStateOf(checkpoint, table, storedDestination(options, destination.name), holder);
  // A tail may follow a stream that has delivered no change yet.
  const followed = tail?.checkpoint && parseStreamArn(tail.checkpoint.streamArn)?.label;
  const label = greatestLabel(newestPosition && labelOf(newestPosition), followed);
  const now = dependencies.clock.now();
  const lag = lagOf(tail, { ...changes, floor: published?.floor ?? null }, now);
  const letters = await countDeadLetters(options, table.name, tail, dependencies);
  return {
    table: table.name,
    table_arn: table.arn,
    table_id: table.tableId,
    seen_streams: known?.seen?.streams ?? [],
    other_table: other?.message ?? null,
    foreign_snapshots: 'problem' in ledger ? null : ledger.foreignSnapshots,
    ledger_problem: 'problem' in ledger ? ledger.problem : null,
    destination: destination.name,
    changes: changes.rows,
    recent_changes: changes.recentRows,
    recent_since: isoOf(since),
    items: await destination.countLatest(table),
    newest_changed_at: isoOf(newestChangedAt),
    newest_change_age_ms: newestChangedAt === null ? null : Math.max(0, now - newestChangedAt),
    lag_ms: lag.ms,
    lag_by: lag.by,
    freshness_ms:
      newestChangedAt === null || newestIngestedAt === null ? null : Math.max(0, newestIngestedAt - newestChangedAt),
    newest_stream_label: label,
    snapshot_id: published?.snapshotId ?? null,
    snapshot_floor: isoOf(published?.floor ?? null),
    snapshot_stream_label: published?.streamLabel ?? null,
    unproven: describeUnproven(table.name, published, label, known?.changelog.keptSince) ?? null,
    tail: tail && tailOf(tail, now),
    dead_letters: letters.length === 0 ? null : letters.reduce((sum, { count }) => sum + count, 0),
    dead_letter_places: letters,
  };
}

function tailOf(tail: TailState, now: number) {
  const { is, pid, checkpoint } = tail;
  const saved = savedAt(tail);
  const shards = [...(checkpoint?.shards.values() ?? [])];
  return {
    state: is,
    pid,
    stream_arn: checkpoint?.streamArn ?? null,
    destination: checkpoint?.destination ?? null,
    described_at: isoOf(checkpoint?.describedAt ?? null),
    saved_at: isoOf(saved),
    saved_age_ms: saved === null ? null : Math.max(0, now - saved),
    read_until: isoOf(checkpoint?.readUntil ?? null),
    shards: shards.length,
    open_shards: shards.filter(({ done }) => !done).length,
    lost: (checkpoint?.lost ?? []).map(describeLoss),
  };
}

function isoOf(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}
