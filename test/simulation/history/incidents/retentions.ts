import type { Action } from '../plan.ts';
import { type Author, HOUR, type Incident, MINUTE, SECOND } from './author.ts';
import { earlyEnd, quickBackfill } from './backfill-manners.ts';
import { compaction } from './compactions.ts';

function retention({ dice }: Author) {
  const crash = dice.chance(0.3) ? { crashAfter: dice.whole(1, 14) } : {};
  return { do: 'retain', keep: dice.whole(1, 2), ...crash } as const satisfies Action;
}

const waited = { wait: 0, do: 'await commands' } as const;

/** Old snapshots and rows are dropped. Only what is older than a day can be. */
export const RETENTIONS: readonly Incident[] = [
  // Two readings, a day apart, and what is dropped between writes, compactions and rollbacks.
  (author) => {
    const { dice, writer } = author;
    return [
      { wait: 7 * MINUTE, ...quickBackfill(dice) },
      waited,
      ...writer.burst(2),
      { wait: dice.pick(27, 30) * HOUR, do: 'nothing' },
      ...(dice.chance(0.6) ? [{ wait: 0, ...quickBackfill(dice) }, waited] : []),
      ...writer.burst(1),
      { wait: SECOND, ...compaction(author) },
      waited,
      { wait: SECOND, ...retention(author) },
      ...(dice.chance(0.3) ? ([{ wait: dice.pick(0, 100, 300), do: 'roll back' }] as const) : [waited]),
      ...writer.burst(2),
      ...(dice.chance(0.5) ? ([{ wait: SECOND, do: 'roll back' }] as const) : []),
      ...(dice.chance(0.5) ? [{ wait: SECOND, ...retention(author) }] : []),
    ];
  },
  // A backfill that is resumed a day later, after a compaction and a retention.
  (author) => {
    const { dice, writer } = author;
    return [
      { wait: 12 * MINUTE, ...quickBackfill(dice), ...earlyEnd(dice) },
      waited,
      ...writer.burst(2),
      { wait: dice.pick(27, 30) * HOUR, ...compaction(author) },
      waited,
      { wait: SECOND, ...retention(author) },
      waited,
      ...writer.burst(2),
      { wait: SECOND, ...quickBackfill(dice) },
      waited,
    ];
  },
];
