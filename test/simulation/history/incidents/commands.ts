import { type Incident, MINUTE, SECOND } from './author.ts';
import { earlyEnd, quickBackfill, slowBackfill } from './backfill-manners.ts';

/** Trouble with commands. */
export const COMMANDS: readonly Incident[] = [
  // Writes during all of a backfill.
  ({ dice, writer }) => [
    // With a young stream the reading would begin only after the writes.
    { wait: 11 * MINUTE, do: 'nothing' },
    ...writer.burst(4, 150),
    { wait: 0, ...slowBackfill(dice) },
    ...writer.burst(10, 150),
  ],
  ({ dice, writer }) => [
    { wait: MINUTE, ...slowBackfill(dice), ...earlyEnd(dice) },
    ...writer.burst(dice.whole(3, 6)),
    { wait: MINUTE, ...quickBackfill(dice) },
  ],
  // One backfill overtakes another, and changes are lost in between.
  ({ dice, writer }) => {
    // The slow one reads items in their order, and has read these by then.
    const names = ['item-0', 'item-1', 'item-2'];
    return [
      { wait: 11 * MINUTE, do: 'backfill', segments: 1, manner: { pageItems: 1, pageMs: 2 * MINUTE } },
      ...names.map((name) => ({ wait: 0, do: 'reject rows', name }) as const),
      ...names.map((name) => writer.put(name, dice.pick(2, 3) * MINUTE)),
      ...names.map((name) => ({ wait: 10 * SECOND, do: 'take rows', name }) as const),
      { wait: 6 * MINUTE, ...quickBackfill(dice) },
      { wait: 0, do: 'await commands' },
    ];
  },
  ({ dice, writer }) => [
    { wait: 0, do: 'fail next', at: 'publications', fault: 'lose-response', count: 1 },
    { wait: 0, ...quickBackfill(dice) },
    ...writer.burst(3),
  ],
  ({ writer }) => [...writer.burst(3), { wait: 0, do: 'replay stream' }, ...writer.burst(3)],
  ({ dice, writer }) => [
    ...writer.burst(2),
    { wait: 0, do: 'verify', manner: { pageItems: dice.whole(1, 3), pageMs: dice.pick(50, 2 * SECOND) } },
    ...writer.burst(dice.whole(6, 10), dice.pick(150, SECOND, 5 * SECOND)),
  ],
];
