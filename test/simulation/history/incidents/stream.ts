import { type Incident, MINUTE, SECOND } from './author.ts';
import { quickBackfill } from './backfill-manners.ts';

/** Trouble with the stream. */
export const STREAM: readonly Incident[] = [
  ({ dice, writer }) =>
    dice
      .times(dice.whole(1, 3), () => [
        ...writer.burst(dice.whole(2, 4)),
        { wait: 0, do: 'divide shard', shard: dice.whole(0, 3), into: dice.pick(1, 2) } as const,
      ])
      .flat(),
  // Off and on again.
  ({ dice, writer }) => [
    ...writer.burst(2),
    { wait: dice.pick(0, 10 * SECOND), do: 'switch stream off' },
    ...writer.burst(dice.whole(1, 4)),
    {
      wait: dice.pick(SECOND, 10 * MINUTE),
      do: 'switch stream on',
      enablingMs: dice.pick(SECOND, 20 * SECOND),
      lateMs: dice.whole(1, 40) * SECOND,
    },
    ...(dice.chance(0.6) ? [{ wait: dice.pick(0, MINUTE), ...quickBackfill(dice) }] : []),
    ...writer.burst(dice.whole(4, 8), 4 * SECOND),
  ],
  // Off and on again while a backfill reads.
  ({ dice, writer }) => [
    { wait: 12 * MINUTE, do: 'backfill', segments: 1, manner: { pageItems: 1, pageMs: 20 * SECOND } },
    ...writer.burst(3, 5 * SECOND),
    { wait: dice.whole(1, 40) * SECOND, do: 'switch stream off' },
    ...writer.burst(2),
    ...(dice.chance(0.8)
      ? ([{ wait: SECOND, do: 'switch stream on', enablingMs: SECOND, lateMs: 5 * SECOND }] as const)
      : []),
    ...writer.burst(3),
  ],
];
