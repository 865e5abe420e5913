import { createStreamHandler } from '../../../src/delivery/stream-handler.ts';
import { nameOf, TailraceError } from '../../../src/errors.ts';
import { identity, type Transform } from '../../../src/privacy/transform.ts';
import type { ReplayEvents } from '../../../src/replay/deliver.ts';
import { deliver } from '../../../src/replay/deliver.ts';
import { describeLoss } from '../../../src/stream/loss.ts';
import type { ReadingOptions } from '../../../src/stream/reading-options.ts';
import type { RecordSource } from '../../../src/stream/record-source.ts';
import type { EarlyEnd } from '../history/plan.ts';
import type { Trouble } from '../history/troubles.ts';
import type { Commands } from './commands.ts';
import type { Process } from './process.ts';
import { streamsClient } from './streams-client.ts';
import { TABLE } from './table.ts';
import type { World } from './world.ts';

/** A replay's input, and the trouble that it counts as. */
export type Replayed = {
  readonly kind: Trouble;
  /** Opens its records, once the process runs. */
  readonly source: (process: Process, events: ReplayEvents) => RecordSource | Promise<RecordSource>;
  readonly early?: EarlyEnd;
  /** Whether other privacy rules are in force. */
  readonly hasOtherRules?: boolean;
  /** Whether it resumes after so long that records may count as lost. */
  readonly isAway?: boolean;
  /** Called with the command's name at its end. */
  readonly onDone?: (name: string) => void;
};

/**
 * Runs a replay as a command of its own.
 *
 * @returns whether it reports that it has replayed everything.
 */
export async function replay(replayed: Replayed, world: World, commands: Commands): Promise<boolean> {
  const { kind, early = {} } = replayed;
  const { story, scheduler } = world;
  const killed = Promise.withResolvers<boolean>();
  const process = commands.process('replay', early.crashAfter, () => {
    story.tell(process.name, 'crashes');
    killed.resolve(false);
  });
  if (early.stopAfterMs !== undefined) void scheduler.sleep(early.stopAfterMs).then(() => process.stop());
  story.trouble(kind, process.name, `begins: ${kind}`);
  return Promise.race([killed.promise, play(replayed, process, world)]);
}

async function play(
  { source, isAway = false, hasOtherRules = false, onDone }: Replayed,
  process: Process,
  world: World,
): Promise<boolean> {
  const { story } = world;
  const { name } = process;
  let isWhole = true;
  const events: ReplayEvents = {
    lost: (loss) => {
      isWhole = false;
      story.trouble('replay names a loss', name, `reports as lost: ${describeLoss(loss)}`);
      if (!isAway && !isTrimmed(loss.shardId, world))
        world.violate(`${name} reports as lost what the stream still has`);
    },
    refused: (batch, error) => {
      isWhole = false;
      story.tell(name, `leaves ${batch}: ${nameOf(error)}`);
    },
  };
  try {
    const transform = hasOtherRules ? otherRules(world) : identity;
    if (hasOtherRules) story.trouble('replayed under other rules', name, 'drops an attribute');
    await deliverAll(await source(process, events), process, world, transform);
    if (process.signal.aborted) throw new TailraceError('interrupted', 'The replay was stopped before its end');
    onDone?.(name);
    return isWhole;
  } catch (error) {
    story.tell(name, `fails: ${nameOf(error)}`);
    return false;
  }
}

/** Delivers all pages of a source as a replay does. */
export function deliverAll(
  source: RecordSource,
  process: Process,
  world: World,
  transform: Transform = identity,
): Promise<void> {
  const handler = createStreamHandler({
    source: TABLE,
    destination: world.destinationOf(process),
    deadLetters: world.letterBox.reachedBy(process),
    transform,
    origin: 'replay',
    clock: process,
    log: world.story.logOf(process.name),
  });
  return deliver(source, { handlerFor: () => handler, signal: process.signal, onPage: () => {} });
}

/** Privacy rules under which an attribute is dropped. */
function otherRules({ underOtherRules }: World): Transform {
  return {
    ...identity,
    item: ({ value: _, ...item }) => {
      underOtherRules.add(String(item['id']?.['S']));
      return item;
    },
  };
}

/** How one process reads the stream again. */
export function reading(world: World, process: Process): Omit<ReadingOptions, 'streamArn'> {
  const { scheduler, table, story } = world;
  return {
    client: streamsClient(table, process, world),
    // By DynamoDB's clock, which shows whole seconds.
    startedAt: Math.floor(scheduler.now() / 1000) * 1000,
    // More than an incident's empty pages: this many in a row mean the end of an open shard.
    quietPages: 8,
    clock: process,
    random: process.random,
    log: story.logOf(process.name),
  };
}

/** Whether a stream has dropped some of a shard's records, or all of it. */
function isTrimmed(shardId: string, { table, scheduler }: World): boolean {
  const now = scheduler.now();
  return table.streams.every((stream) => {
    const shard = stream.shards.find(({ id }) => id === shardId);
    return !shard || stream.isGone(now) || stream.isShardGone(shard, now) || stream.trimmed(shard, now) > 0;
  });
}
