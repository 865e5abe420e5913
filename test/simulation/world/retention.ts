import { carryOutRetention, planRetention } from '../../../backfill/retention.ts';
import { nameOf, TailraceError } from '../../../src/errors.ts';
import type { EarlyEnd } from '../history/plan.ts';
import type { Commands } from './commands.ts';
import { TABLE } from './table.ts';
import type { World } from './world.ts';

export type RetentionManner = Pick<EarlyEnd, 'crashAfter'> & {
  /** How many readings are kept. */
  readonly keep: number;
};

/** Drops old snapshots and rows as a command of its own. No row may go that a snapshot needs which stays. */
export async function retain({ keep, crashAfter }: RetentionManner, world: World, commands: Commands): Promise<void> {
  const { story } = world;
  const killed = Promise.withResolvers<void>();
  const process = commands.process('retention', crashAfter, () => {
    story.trouble('retention killed', process.name, 'crashes');
    killed.resolve();
  });
  const { name } = process;
  const destination = world.destinationOf(process);
  const options = { table: TABLE, destination, clock: process };
  const work = async () => {
    const known = await destination.known(TABLE.name);
    const published = await destination.published(TABLE);
    if (!known || !published) throw new TailraceError('destination-missing', 'There is nothing to drop');
    // As short a history as there can be, in partitions as small.
    const storage = { ...known.changelog, historyDays: 1, partition: 'hour' } as const;
    const plan = await planRetention(options, published, storage, keep);
    for (const { snapshot, reason } of plan.stays) {
      const from = snapshot.facts?.from ?? Number.POSITIVE_INFINITY;
      if (plan.rows > 0 && reason !== 'foreign' && from < plan.before) {
        world.violate(`${name} drops rows that ${snapshot.id} needs, which stays: ${reason}`);
      }
    }
    await carryOutRetention(options, plan, { actor: 'simulation', signal: process.signal });
    story.trouble('retention', name, `drops ${plan.dropped.length} snapshots and ${plan.rows} rows`);
    if (plan.rows > 0) story.trouble('old rows dropped', name, `from before ${new Date(plan.before).toISOString()}`);
  };
  const ended = work().catch((error: unknown) => {
    story.tell(name, `fails: ${nameOf(error)}`);
    if (!(error instanceof TailraceError)) world.violate(`${name} fails without an error kind: ${String(error)}`);
  });
  await Promise.race([ended, killed.promise]);
}
