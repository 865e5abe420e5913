import { replayDeadLetter } from '../../../src/delivery/replay-dead-letter.ts';
import { createStreamHandler } from '../../../src/delivery/stream-handler.ts';
import { nameOf } from '../../../src/errors.ts';
import { identity } from '../../../src/privacy/transform.ts';
import { deliver } from '../../../src/replay/deliver.ts';
import type { Leftover, Leftovers } from '../../../src/replay/leftover.ts';
import { leftoverSource } from '../../../src/replay/leftover-source.ts';
import { describeLoss } from '../../../src/replay/loss.ts';
import type { ReplayEvents } from '../../../src/replay/replay-events.ts';
import { streamSource } from '../../../src/replay/stream-source.ts';
import { newCheckpoint } from '../../../src/stream/checkpoint.ts';
import type { RecordSource } from '../../../src/stream/record-source.ts';
import type { Commands } from './commands.ts';
import type { Process } from './process.ts';
import { streamsClient } from './streams-client.ts';
import { TABLE } from './table.ts';
import type { World } from './world.ts';

/** Replays what Lambda gave up on. What is settled is taken away; what only the stream still holds is read there. */
export function replayFailures(world: World, commands: Commands): Promise<void> {
  return replayLeftovers('failed batch', world.bucket.objects, world, commands);
}

/** Replays the dead letters. One that still can't be written stays as it is. */
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

/** Replays all that the stream still holds. */
export function replayStream(world: World, commands: Commands): Promise<void> {
  const { table } = world;
  return replay('stream', world, commands, (process, events) => {
    if (!table.stream) return emptySource;
    const checkpoint = newCheckpoint(table.stream.arn, 'duckdb:memory');
    const save = () => process.reach(async () => {});
    return streamSource({ ...reading(world, process), checkpoint, save, events });
  });
}

/** What a replay is of. */
type Replayed = 'failed batch' | 'stream';

const emptySource: RecordSource = { async *pages() {} };

function replayLeftovers(what: Replayed, place: Map<string, string>, world: World, commands: Commands): Promise<void> {
  if (place.size === 0) return Promise.resolve();
  return replay(what, world, commands, (process, events) => {
    const leftovers = leftoversIn(place, process, what);
    const options = { leftovers, tableArn: TABLE.arn, streamArn: null, events };
    return leftoverSource({ ...options, reading: async () => reading(world, process) });
  });
}

function leftoversIn(place: Map<string, string>, process: Process, what: string): Leftovers {
  return {
    name: what,
    async *all() {
      for (const [name, text] of [...place]) {
        const leftover: Leftover = {
          name,
          text: () => process.reach(async () => text),
          settle: () => process.reach(async () => void place.delete(name)),
          keep: () => process.reach(async () => {}),
        };
        yield leftover;
      }
    },
  };
}

function reading(world: World, process: Process) {
  const { scheduler, table, story } = world;
  return {
    client: streamsClient(table, process, world),
    startedAt: scheduler.now(),
    quietPages: 3,
    clock: process,
    random: process.random,
    log: story.logOf(process.name),
  };
}

async function replay(
  what: Replayed,
  world: World,
  commands: Commands,
  sourceOf: (process: Process, events: ReplayEvents) => RecordSource,
): Promise<void> {
  const { story, letterBox } = world;
  const process = commands.process('replay');
  const { name } = process;
  story.trouble(`${what} replayed`, name, `replays: ${what}`);
  const handler = createStreamHandler({
    source: TABLE,
    destination: world.destinationOf(process),
    deadLetters: letterBox.reachedBy(process),
    origin: 'replay',
    clock: process,
    log: story.logOf(name),
  });
  const events: ReplayEvents = {
    lost: (loss) => story.trouble('replay names a loss', name, `says lost: ${describeLoss(loss)}`),
    refused: (leftover, error) => story.tell(name, `leaves ${leftover}: ${nameOf(error)}`),
  };
  try {
    await deliver(sourceOf(process, events), { handlerFor: () => handler, signal: process.signal, onPage: () => {} });
  } catch (error) {
    story.tell(name, `fails: ${nameOf(error)}`);
  }
}
