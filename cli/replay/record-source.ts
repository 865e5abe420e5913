import { refuseOtherStream } from '../../src/destination/known-stream.ts';
import type { KnownTable } from '../../src/destination/known-table.ts';
import { streamArn } from '../../src/order/stream-arn.ts';
import type { Expected } from '../../src/replay/check-item.ts';
import type { Leftovers } from '../../src/replay/leftover.ts';
import { leftoverSource } from '../../src/replay/leftover-source.ts';
import type { ReplayEvents } from '../../src/replay/replay-events.ts';
import { requireRange, type ShardRange } from '../../src/replay/shard-range.ts';
import { streamSource } from '../../src/replay/stream-source.ts';
import { requireStream } from '../../src/source/usable-stream.ts';
import { newCheckpoint } from '../../src/stream/checkpoint.ts';
import type { RecordSource } from '../../src/stream/record-source.ts';
import { namedShard } from '../../src/stream/shard-life.ts';
import type { Source } from '../dependencies.ts';
import { type ReplayState, replayState } from '../state/replay-state.ts';
import type { Output } from '../terminal/output.ts';
import { warnOfReaders } from '../warn-of-readers.ts';
import { type Reading, readingOf, readingOfRanges } from './reading.ts';

/** What a replay reads, and what is to be done when it is at its end. */
export type ReplaySource = { readonly source: RecordSource; readonly done: () => Promise<void> };

export type StreamReplay = {
  /** What is known of it, by DynamoDB as well. */
  readonly known: KnownTable;
  /** As it was given; otherwise the table's own. */
  readonly streamArn: string | undefined;
  /** `null` for the whole stream. */
  readonly range: ShardRange | null;
  /** Name of the destination, and the table's state directory; `null` keeps no state. */
  readonly keep: { readonly destination: string; readonly directory: string } | null;
  readonly events: ReplayEvents;
  readonly output: Output;
};

/**
 * The source of a replay from the stream itself.
 *
 * @throws {TailraceError} `record-foreign` if the stream is another table's; `stream-missing`, `stream-view-type`;
 *   `stream-trimmed` or `usage-invalid` if there is no such range; `state-invalid`.
 */
export async function streamReplay(
  { known, streamArn: given, range, keep, events, output }: StreamReplay,
  connected: Source,
  reading: Reading,
): Promise<ReplaySource> {
  const table = known.source;
  const description = await connected.tables.describe(table.name);
  const arn = streamArn(given ?? requireStream(description).arn);
  refuseOtherStream(arn, known);
  await warnOfReaders(description, arn.text, connected, output);
  const options = { ...(await readingOf(table.name, connected, reading)), events };
  if (range) requireRange(await connected.streams.describe(arn.text), range);
  const { tableId } = description.table;
  const state = keep
    ? await replayState(keep.directory, range, arn, tableId, keep.destination)
    : stateless(arn.text, range);
  if (state.isResumed) output.note(`Going on where the last replay was stopped; remove ${state.path} to begin anew.`);
  const { checkpoint, save, done, replaced } = state;
  if (replaced) output.warn(describeReplaced(table.name, replaced));
  return { source: streamSource({ ...options, checkpoint, save, range }), done };
}

/** The source of a replay from what failures left behind. */
export function leftoverReplay(
  leftovers: Leftovers,
  expected: Expected & { readonly isChecked: boolean },
  connected: () => Promise<Source>,
  reading: Reading,
  events: ReplayEvents,
): ReplaySource {
  const source = leftoverSource({
    ...expected,
    leftovers,
    reading: async () => readingOfRanges(expected.known.source.name, await connected(), reading),
    events,
  });
  return { source, done: async () => {} };
}

/** What an earlier replay had not read yet isn't passed over in silence. */
function describeReplaced(table: string, { streamArn, keptAt, by }: NonNullable<ReplayState['replaced']>): string {
  const what = `A replay of ${streamArn} was stopped half way; its checkpoint is kept as ${keptAt}`;
  if (by === 'another table') return `${what}. Table ${table} was made again since: this one begins anew.`;
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
