import { snapshotsDrop } from '../../../cli/commands/snapshots/drop.ts';
import { snapshotsPublish } from '../../../cli/commands/snapshots/publish.ts';
import { snapshotsRollback } from '../../../cli/commands/snapshots/rollback.ts';
import type { Dependencies } from '../../../cli/dependencies.ts';
import type { Output } from '../../../cli/terminal/output.ts';
import type { Destination } from '../../../src/destination/destination.ts';
import { nameOf, TailraceError } from '../../../src/errors.ts';
import { loudFake } from '../../support/memory/loud-fake.ts';
import type { Trouble } from '../history/troubles.ts';
import type { Commands } from './commands.ts';
import type { Process } from './process.ts';
import { storyOutput } from './story-output.ts';
import { TABLE } from './table.ts';
import type { World } from './world.ts';

/** @param pick The index of the snapshot among all that were ever begun, oldest first; it wraps round. */
export async function publishByHand(pick: number, world: World, commands: Commands): Promise<void> {
  const { ids } = world.coverage;
  const id = ids[pick % Math.max(1, ids.length)];
  if (id === undefined) return;
  await run('publish', 'snapshot published by hand', world, commands, (dependencies, output) =>
    snapshotsPublish({ ...INVOCATION, id }, dependencies, output),
  );
}

export async function rollBack(world: World, commands: Commands): Promise<void> {
  await run('rollback', 'rolled back', world, commands, (dependencies, output) =>
    snapshotsRollback(INVOCATION, dependencies, output),
  );
}

/** @param pick As for {@link publishByHand}. */
export async function dropByHand(pick: number, world: World, commands: Commands): Promise<void> {
  const { ids } = world.coverage;
  const id = ids[pick % Math.max(1, ids.length)];
  if (id === undefined) return;
  await run('drop', 'snapshot dropped', world, commands, (dependencies, output) =>
    snapshotsDrop({ ...INVOCATION, id, yes: true }, dependencies, output),
  );
}

const INVOCATION = { table: TABLE.name, destination: 'duckdb:memory', aws: {}, state: undefined };

async function run(
  command: string,
  kind: Trouble,
  world: World,
  commands: Commands,
  work: (dependencies: Dependencies, output: Output) => Promise<unknown>,
): Promise<void> {
  const { story } = world;
  const process = commands.process(command);
  const { name } = process;
  const output = storyOutput((line) => story.tell(name, line));
  try {
    await work(dependenciesOf(process, world), output);
    story.trouble(kind, name, 'is done');
  } catch (error) {
    if (!(error instanceof TailraceError)) world.violate(`${name} fails without an error kind: ${String(error)}`);
    story.trouble('snapshot command refused', name, `is refused: ${nameOf(error)}`);
  }
}

function dependenciesOf(process: Process, world: World): Dependencies {
  const parts = { ...world.destinationOf(process), name: 'duckdb:memory', [Symbol.asyncDispose]: async () => {} };
  return loudFake<Dependencies>('Dependencies', {
    openDestination: async () => loudFake<Destination>('Destination', parts),
    clock: process,
    random: process.random,
    signal: process.signal,
    actor: 'simulation',
    // The person who drops a snapshot means it.
    confirm: async () => true,
  });
}
