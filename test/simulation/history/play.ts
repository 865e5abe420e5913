import { makeAgain } from '../remade/make-again.ts';
import { Commands } from '../world/commands.ts';
import { Disk } from '../world/disk.ts';
import type { Engine } from '../world/memory-database.ts';
import { Scheduler } from '../world/scheduler.ts';
import { StreamReplay } from '../world/stream-replay.ts';
import { TABLE } from '../world/table.ts';
import { Tail } from '../world/tail.ts';
import { World } from '../world/world.ts';
import { act, type Stage, switchStreamOn } from './act.ts';
import type { Evidence } from './evidence.ts';
import type { Plan } from './plan.ts';
import { type RestParts, rest } from './rest.ts';
import type { Trouble } from './troubles.ts';

/** The outcome of a history. */
export type Played = {
  /** What the product did and never may do; empty if nothing. */
  readonly violations: readonly string[];
  /** The troubles that it met. */
  readonly kinds: readonly Trouble[];
  /** Changes of the table. */
  readonly writes: number;
  readonly story: string;
};

/** When histories begin. */
const BEGINNING = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A tail is stopped for longer waits: a day of polls would only cost time. */
const LONG_WAIT_MS = 30 * 60_000;

/**
 * Plays a history from its beginning until everything is at rest, and judges it.
 *
 * @param onRest Called with the evidence each time that the latest view is judged.
 */
export async function play(plan: Plan, engine: Engine, onRest?: (evidence: Evidence) => void): Promise<Played> {
  using scheduler = new Scheduler(BEGINNING + (plan.seed % 1_000));
  using disk = new Disk();
  return await engine.withDatabase(scheduler, async (database) => {
    const world = new World(plan, scheduler, database, disk);
    try {
      await scheduler.run(history(plan, world, { database, onRest }));
      if (plan.setting.remade) await makeAgain(plan.setting.remade, world, database);
    } catch (error) {
      world.violate(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    const { kinds, text } = world.story;
    return { violations: world.violations, kinds: [...kinds], writes: world.table.changes.length, story: text };
  });
}

async function history({ setting, steps }: Plan, world: World, court: RestParts): Promise<void> {
  const { table, scheduler, warehouse } = world;
  const commands = new Commands(world);
  const tail = new Tail(world, commands);
  const streamReplay = new StreamReplay(world, commands);
  const stage: Stage = { world, commands, tail, streamReplay, setting, running: new Set() };

  for (let index = 0; index < setting.itemsBefore; index++) table.put(`item-${index}`);
  await warehouse.store.prepare(TABLE, 1);
  switchStreamOn({ enablingMs: 3_000, lateMs: 1_000 }, stage);
  await scheduler.sleep(10_000);
  if (setting.readers !== 'lambda') tail.start();

  for (const step of steps) {
    const isLong = step.wait > LONG_WAIT_MS && tail.isRunning;
    if (isLong) tail.stop();
    await scheduler.sleep(step.wait);
    if (isLong) tail.start();
    await act(step, stage);
  }
  await rest(stage, court);
}
