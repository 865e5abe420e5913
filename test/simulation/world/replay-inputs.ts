import { fileBatches } from '../../../cli/replay/file-batches.ts';
import { replayDeadLetter } from '../../../src/delivery/replay-dead-letter.ts';
import { nameOf } from '../../../src/errors.ts';
import { identity } from '../../../src/privacy/transform.ts';
import type { ReplayEvents } from '../../../src/replay/deliver.ts';
import type { FailedBatches } from '../../../src/replay/failed-batch.ts';
import { failedBatchSource } from '../../../src/replay/failed-batch-source.ts';
import { FailureBucket } from '../../../src/replay/failure-bucket.ts';
import { FailureQueue } from '../../../src/replay/failure-queue.ts';
import { identifyTable } from '../../../src/replay/identify-table.ts';
import { requireRange } from '../../../src/replay/shard-range.ts';
import { streamSource } from '../../../src/replay/stream-source.ts';
import { newCheckpoint } from '../../../src/stream/checkpoint.ts';
import type { RecordSource } from '../../../src/stream/record-source.ts';
import { namedShard } from '../../../src/stream/shard-life.ts';
import { memoryFiles } from '../../support/memory/files.ts';
import type { Change } from './change.ts';
import type { Commands } from './commands.ts';
import { FAILURES } from './failure-bucket.ts';
import type { Process } from './process.ts';
import { type Replayed, reading, replay } from './replay.ts';
import { TABLE } from './table.ts';
import type { World } from './world.ts';

const QUEUE = 'https://sqs.eu-central-1.amazonaws.com/123456789012/failures';
const DESTINATION = 'duckdb:memory';

/**
 * Replays the batches that Lambda gave up. Those without payload are read from the stream; messages are deleted once they
 * are acknowledged.
 *
 * @returns whether it reports that it has replayed everything.
 */
export async function replayFailures(world: World, commands: Commands): Promise<boolean> {
  const { bucket, queue, scheduler } = world;
  const isWhole: boolean[] = [];
  if (bucket.objects.size > 0) {
    const open = (process: Process) => new FailureBucket(bucket.reachedBy(process, scheduler), FAILURES);
    isWhole.push(await replay(failedBatches('failed batch replayed', open, world), world, commands));
  }
  if (queue.messages.size > 0) {
    const open = (process: Process) => new FailureQueue(queue.reachedBy(process, scheduler), QUEUE);
    isWhole.push(await replay(failedBatches('failure message replayed', open, world), world, commands));
  }
  return isWhole.every((whole) => whole);
}

/** Replays the dead letters as files, which stay. Gives whether it reports that it has replayed everything. */
export async function replayFiles(world: World, commands: Commands): Promise<boolean> {
  const { letters } = world.letterBox;
  if (letters.size === 0) return true;
  const open = async (process: Process) => {
    const contents = new Map([...letters].map(([name, text]) => [`dead-letters/${name}`, text]));
    const disk = memoryFiles(contents, () => process.reach(async () => {}));
    const files = await fileBatches('dead-letters', disk, '');
    const { signal } = process;
    const arns = await identifyTable(files, { table: TABLE.name, stream: null, isLenient: true, signal });
    const other = arns.find((arn) => arn !== TABLE.arn);
    if (other !== undefined) world.violate(`${process.name} takes them for letters of ${other}`);
    return files;
  };
  return replay(failedBatches('file replayed', open, world), world, commands);
}

/** Replays the dead letters one by one and archives them. A letter that still can't be written stays. */
export async function replayLetters(world: World, commands: Commands): Promise<void> {
  const { story, letterBox } = world;
  const process = commands.process('replay');
  const store = letterBox.reachedBy(process);
  const destination = world.destinationOf(process);
  const options = { store, source: TABLE, destination, transform: identity, clock: process };
  try {
    for (const id of await store.list(TABLE.name)) {
      const { fate } = await replayDeadLetter(id, options);
      story.trouble('dead letter replayed', process.name, `replays dead letter ${id}: ${fate}`);
    }
  } catch (error) {
    story.tell(process.name, `fails: ${nameOf(error)}`);
  }
}

/** A part of a shard that is replayed. */
export type ShardPart = {
  /** The shard's, among all that are listed; it wraps round. */
  readonly index: number;
  /** Where to begin, as a part of the shard from 0 to below 1. */
  readonly part: number;
  /** Whether other privacy rules are in force. */
  readonly hasOtherRules?: boolean;
};

/** Replays what is left of a shard, from one of its records on. */
export async function replayShard(
  { index, part, hasOtherRules = false }: ShardPart,
  world: World,
  commands: Commands,
): Promise<void> {
  const { stream } = world.table;
  if (!stream) return;
  let asked: readonly Change[] = [];
  const source = async (process: Process, events: ReplayEvents): Promise<RecordSource> => {
    const options = stored(world, process);
    const description = await options.client.describe(stream.arn);
    const { id } = description.shards[index % description.shards.length] ?? { id: 'shardId-none' };
    const records = stream.shards.find((shard) => shard.id === id)?.records ?? [];
    const from = part === 0 ? null : (records[Math.floor(part * records.length)]?.number ?? null);
    requireRange(description, { shardId: id, from, to: null });
    const now = world.scheduler.now();
    asked = records
      .slice(Math.floor(part * records.length))
      .flatMap((record) => (record.availableAt <= now ? [record.change] : []));
    const checkpoint = newCheckpoint(stream.arn, DESTINATION);
    checkpoint.shards.set(id, namedShard(from));
    return streamSource({ ...options, checkpoint, range: { shardId: id, to: null }, events });
  };
  if (!(await replay({ kind: 'shard replayed', source, hasOtherRules }, world, commands))) return;
  const left = asked.find((change) => change.visibleAt === null && !change.isDeadLettered && !world.isTrimmed(change));
  if (left) world.violate(`the replay of a shard is at its end, and change ${left.id} is nowhere`);
}

function failedBatches(
  kind: Replayed['kind'],
  open: (process: Process) => FailedBatches | Promise<FailedBatches>,
  world: World,
): Replayed {
  return {
    kind,
    source: async (process, events) =>
      failedBatchSource({
        batches: await open(process),
        known: { source: TABLE, seen: null },
        stream: null,
        reading: async () => reading(world, process),
        events,
      }),
  };
}

/** A reading that saves its progress. */
function stored(world: World, process: Process) {
  return { ...reading(world, process), save: () => process.reach(async () => {}) };
}
