import { runCompaction } from '../../../backfill/compaction.ts';
import { nameOf, TailraceError } from '../../../src/errors.ts';
import type { EarlyEnd } from '../history/plan.ts';
import type { Commands } from './commands.ts';
import { TABLE } from './table.ts';
import type { World } from './world.ts';

export type CompactionManner = EarlyEnd & {
  /** How long a fold takes, in milliseconds. */
  readonly foldMs: number;
  /** Whether the compaction that it replaces is dropped at once. */
  readonly dropReplaced: boolean;
  /** Tombstones older than this are left out, in milliseconds. */
  readonly horizonMs: number;
};

/**
 * Runs a compaction as a command of its own. It may be refused if something else is published meanwhile, or fail in an
 * outage.
 */
export async function compact(how: CompactionManner, world: World, commands: Commands): Promise<void> {
  const { foldMs, dropReplaced, horizonMs, crashAfter, stopAfterMs } = how;
  const { story, scheduler, warehouse, states } = world;
  const killed = Promise.withResolvers<void>();
  const process = commands.process('compact', crashAfter, () => {
    story.trouble('compaction killed', process.name, 'crashes');
    killed.resolve();
  });
  const { name } = process;
  if (stopAfterMs !== undefined) void scheduler.sleep(stopAfterMs).then(() => process.stop());
  warehouse.foldMs = foldMs;
  const publications = states.publications;
  story.tell(name, `begins, over ${states.published.snapshotId ?? 'no snapshot'}`);
  const ended = runCompaction({
    table: TABLE,
    destination: world.destinationOf(process),
    clock: process,
    random: process.random,
    log: story.logOf(name),
    actor: 'simulation',
    signal: process.signal,
    horizonMs,
    dropReplaced,
  }).then(
    ({ snapshotId, items, isReplacedDropped }) => {
      story.trouble('compaction', name, `publishes ${snapshotId} with ${items} items`);
      if (isReplacedDropped) story.trouble('compaction replaced', name, 'drops the compaction before');
    },
    (error: unknown) => {
      const kind = nameOf(error);
      story.tell(name, `fails: ${kind}`);
      if (!(error instanceof TailraceError)) world.violate(`${name} fails without an error kind: ${String(error)}`);
      if (kind === 'snapshot-superseded') {
        story.trouble('compaction superseded', name, 'leaves what was published meanwhile');
        if (states.publications === publications) {
          world.violate(`${name} is refused as superseded, though nothing was published`);
        }
      }
      if (kind === 'interrupted') story.trouble('compaction interrupted', name, 'publishes nothing');
    },
  );
  await Promise.race([ended, killed.promise]);
}
