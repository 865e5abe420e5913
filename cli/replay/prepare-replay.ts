import { refuseOtherStream } from '../../src/destination/known-stream.ts';
import { isKind, TailraceError } from '../../src/errors.ts';
import { streamArn } from '../../src/order/stream-arn.ts';
import type { Expected } from '../../src/replay/check-item.ts';
import type { ReplayEvents } from '../../src/replay/deliver.ts';
import type { FailedBatches } from '../../src/replay/failed-batch.ts';
import { failedBatchSource } from '../../src/replay/failed-batch-source.ts';
import { requireRange, type ShardRange } from '../../src/replay/shard-range.ts';
import { streamSource } from '../../src/replay/stream-source.ts';
import type { TableDescription } from '../../src/source/table-reader.ts';
import { requireStream } from '../../src/source/usable-stream.ts';
import { newCheckpoint } from '../../src/stream/checkpoint.ts';
import type { RecordSource } from '../../src/stream/record-source.ts';
import { namedShard } from '../../src/stream/shard-life.ts';
import type { Connection } from '../dependencies.ts';
import { loadReplayState, type ReplayState } from '../state/replay-state.ts';
import type { Output } from '../terminal/output.ts';
import { warnOfStreamReaders } from '../warnings/stream-shortcomings.ts';
import { type Reading, readingOf, readingOfRanges } from './reading.ts';
import type { SeenTable } from './same-table.ts';

/** The records of a replay, and what to do at its end. */
export type PreparedReplay = { readonly source: RecordSource; readonly done: () => Promise<void> };

export type StreamReplayOptions = {
  /** The table as the destination knows it, and DynamoDB while it has it. */
  readonly seen: SeenTable;
  /** The value of `--stream-arn`; `undefined` for the table's own stream. */
  readonly streamArn: string | undefined;
  /** `null` for the whole stream. */
  readonly range: ShardRange | null;
  /** Where progress is saved: the destination's name and the table's state directory; `null` saves none. */
  readonly state: { readonly destination: string; readonly directory: string } | null;
  readonly events: ReplayEvents;
  readonly output: Output;
};

/**
 * Prepares a replay of the stream itself.
 *
 * @throws {TailraceError} `record-foreign` if the stream is another table's; `stream-missing`, `stream-view-type`;
 *   `stream-trimmed` or `usage-invalid` if there is no such range; `state-invalid`.
 */
export async function prepareStreamReplay(
  { seen: { known, description }, streamArn: given, range, state: saved, events, output }: StreamReplayOptions,
  connection: Connection,
  reading: Reading,
): Promise<PreparedReplay> {
  const table = known.source;
  const arn = streamArn(given ?? requireStream(present(description, table.name)).arn);
  refuseOtherStream(arn, known);
  await warnOfStreamReaders({ table, isGlobal: description?.isGlobal ?? false }, arn.text, connection, output);
  const howToRead = description ? readingOf : readingOfRanges;
  const options = { ...(await howToRead(table.name, connection, reading)), events };
  if (!description) await requireThere(connection, arn.text);
  if (range) requireRange(await connection.streams.describe(arn.text), range);
  const { tableId } = (description ?? { table }).table;
  const state = saved
    ? await loadReplayState(saved.directory, range, arn, tableId, saved.destination)
    : stateless(arn.text, range);
  if (state.isResumed) output.note(`Resuming where the last replay was stopped; remove ${state.path} to start over.`);
  const { checkpoint, save, done, replaced } = state;
  if (replaced) output.warn(describeReplaced(table.name, replaced));
  return { source: streamSource({ ...options, checkpoint, save, range }), done };
}

/** Checks the stream of a table that is gone: the remedy for a stream that is switched off is no help there. */
async function requireThere({ streams }: Connection, arn: string): Promise<void> {
  await streams.describe(arn).catch((error: unknown) => {
    if (!isKind(error, 'stream-missing')) throw error;
    throw new TailraceError(error.kind, `Stream ${arn} is gone, as its table is`, {
      remedy:
        'AWS stores it for 24 hours, some local servers not at all. Its records that the destination lacks are lost.',
      cause: error,
    });
  });
}

function present(description: TableDescription | null, table: string): TableDescription {
  if (description) return description;
  throw new TailraceError('source-table-missing', `There is no table ${table}`, { context: { table } });
}

/** Prepares a replay of failed batches. */
export function prepareFailedBatchReplay(
  batches: FailedBatches,
  expected: Expected & { readonly isChecked: boolean },
  connected: () => Promise<Connection>,
  reading: Reading,
  events: ReplayEvents,
): PreparedReplay {
  const source = failedBatchSource({
    ...expected,
    batches,
    reading: async () => readingOfRanges(expected.known.source.name, await connected(), reading),
    events,
  });
  return { source, done: async () => {} };
}

/** Warns of the records that an earlier replay had not read yet. */
function describeReplaced(table: string, { streamArn, copiedTo, by }: NonNullable<ReplayState['replaced']>): string {
  const what = `A replay of ${streamArn} was stopped half way; its checkpoint is copied to ${copiedTo}`;
  if (by === 'another table')
    return `${what}. Table ${table} was made again since: this one starts from the beginning.`;
  return (
    `${what}. Its rest can be read for 24 hours after the stream was switched off: ` +
    `\`tailrace replay ${table} --stream --stream-arn ${streamArn}\`. Later: \`tailrace backfill ${table}\`.`
  );
}

function stateless(arn: string, range: ShardRange | null): ReplayState {
  const checkpoint = newCheckpoint(arn, '');
  if (range) checkpoint.shards.set(range.shardId, namedShard(range.from));
  return { path: '', isResumed: false, replaced: null, checkpoint, save: async () => {}, done: async () => {} };
}
