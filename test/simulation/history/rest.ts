import { isReadable } from '../world/change.ts';
import { searchGaps } from '../world/gaps.ts';
import type { MemoryDatabase } from '../world/memory-database.ts';
import { replayFailures, replayFiles, replayLetters } from '../world/replay-inputs.ts';
import type { World } from '../world/world.ts';
import { type Stage, switchStreamOn } from './act.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import { checkPromise, checkStored, checkVerdict, checkWarnings, differences } from './oracle.ts';
import { checkGaps, checkReplayed, checkStreamed, deadLetteredChanges, isWorthSearching } from './stream-oracle.ts';

/** What a history is judged by. */
export type RestParts = {
  readonly database: MemoryDatabase;
  readonly onRest: ((evidence: Evidence) => void) | undefined;
};

const QUICK = { pageItems: 5, pageMs: 50 };

/** Every retry takes less. */
const DRAINED_WITHIN_MS = 2 * 60 * 60_000;

/** A floor lies five minutes before its scan: a loss older than this is covered. */
const COVERED_AFTER_MS = 6 * 60_000;

/**
 * Brings a history to rest, and compares the latest view with the table: at once, after a repair, and after a late replay
 * of everything that was set aside.
 */
export async function rest(stage: Stage, { database, onRest }: RestParts): Promise<void> {
  const { world, tail, streamReplay, commands, running, setting } = stage;
  const { table, scheduler, story, faults } = world;
  // A changelog's youth passes only with time, and its clock shows whole seconds.
  await scheduler.sleep(Math.max(0, world.warehouse.grownUpAt + 1_000 - scheduler.now()));
  world.heal();
  await Promise.all(running);
  if (!table.stream) switchStreamOn({ enablingMs: 1_000, lateMs: 1_000 }, stage);
  await scheduler.sleep(60_000);
  if (setting.readers !== 'lambda') tail.keepRunning();
  await drained(stage);

  const look = async () => {
    const found = await differences(world, database);
    await world.checkView();
    if (onRest) onRest(await evidenceOf(world, database));
    return found;
  };
  const found = await look();
  checkPromise(world, found);
  checkStored(world);
  await checkWarnings(world, tail);
  checkVerdict(world, found, await commands.verify(QUICK));
  if (isWorthSearching(world)) checkGaps(world, await searchGaps({ fill: false }, world, commands));

  await scheduler.sleep(COVERED_AFTER_MS);
  story.tell('watcher', 'repairs everything by a backfill');
  if (!(await commands.backfills.run({ segments: 2, manner: QUICK, restart: true })))
    world.violate('the repair failed');
  expectSame(world, await look(), 'after the repair');

  faults.rejected.clear();
  if (await replayFailures(world, commands))
    checkReplayed(
      world,
      world.table.changes.filter(({ isGivenUp }) => isGivenUp),
    );
  const lettered = deadLetteredChanges(world);
  if (await replayFiles(world, commands)) checkReplayed(world, lettered);
  await replayLetters(world, commands);
  if (!(await streamReplay.run({ restart: true })))
    world.violate('the replay of the stream failed though nothing is wrong');
  checkStreamed(world);
  expectSame(world, await look(), 'after late replays');
  tail.stop();
}

/** Resolves when all that can still be delivered is visible. */
async function drained({ world, tail, setting }: Stage): Promise<void> {
  const { table, scheduler, mapping, warehouse } = world;
  const until = scheduler.now() + DRAINED_WITHIN_MS;
  const isAwaited = ({ number, visibleAt, isDeadLettered, isGivenUp, label }: (typeof table.changes)[number]) =>
    number !== null &&
    visibleAt === null &&
    !isDeadLettered &&
    !isGivenUp &&
    // A tail that is started again follows the new stream.
    (setting.readers !== 'tail' || label === table.stream?.label);
  for (;;) {
    const awaited = table.changes.filter((change) => isAwaited(change) && !world.isTrimmed(change));
    if (awaited.length === 0 && mapping.busy === 0) break;
    if (scheduler.now() > until) {
      return world.violate(`change ${awaited[0]?.id} is never delivered (${tail.isRunning ? 'tail runs' : 'no tail'})`);
    }
    await scheduler.sleep(1_000);
  }
  await scheduler.sleep(Math.max(0, warehouse.allVisibleAt - scheduler.now()) + 1_000);
}

/** No item may differ, except those that JSON can't carry. */
function expectSame(world: World, found: Awaited<ReturnType<typeof differences>>, when: string): void {
  for (const { name, finding } of found) {
    if (isReadable(world.table.items.get(name) ?? null)) world.violate(`${name} is ${finding} ${when}`);
  }
}
