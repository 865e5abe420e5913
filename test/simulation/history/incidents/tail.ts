import { HOUR, type Incident, SECOND } from './author.ts';

/** Trouble with tail. */
export const TAIL: readonly Incident[] = [
  ({ dice, writer }) => [
    { wait: 0, do: 'stop tail' },
    { wait: 3 * SECOND, do: 'start tail', crashAfter: dice.whole(1, 60) },
    ...writer.burst(dice.whole(6, 10)),
    { wait: 5 * SECOND, do: 'start tail' },
  ],
  ({ dice, writer }) => [
    ...writer.burst(2),
    { wait: 0, do: 'kill tail' },
    ...writer.burst(4),
    { wait: dice.pick(SECOND, 25 * HOUR), do: 'nothing' },
    ...writer.burst(2),
    { wait: 0, do: 'start tail' },
    ...writer.burst(2),
  ],
  ({ dice, writer }) => [
    {
      wait: 0,
      do: 'fail next',
      at: 'stream',
      fault: dice.pick('throttle', 'expire', 'empty-page'),
      count: dice.whole(1, 6),
    },
    ...writer.burst(dice.whole(5, 9)),
  ],
  // Shards are divided while no tail runs.
  ({ dice, writer }) => [
    { wait: 0, do: 'stop tail' },
    ...dice
      .times(3, () => [
        ...writer.burst(3),
        { wait: 0, do: 'divide shard', shard: dice.whole(0, 3), into: dice.pick(1, 2) } as const,
      ])
      .flat(),
    { wait: SECOND, do: 'start tail' },
  ],
];
