import { type Incident, MINUTE, SECOND } from './author.ts';

/** Trouble with the destination. */
export const DESTINATION: readonly Incident[] = [
  ({ dice, writer }) => [
    { wait: 0, do: 'fail for', at: 'warehouse', fault: 'refuse', ms: dice.pick(5 * SECOND, MINUTE, 6 * MINUTE) },
    ...writer.burst(dice.whole(3, 8)),
  ],
  ({ dice, writer }) => [
    { wait: 0, do: 'fail for', at: 'warehouse', fault: 'exceed-quota', ms: dice.pick(5 * SECOND, 6 * MINUTE) },
    ...writer.burst(dice.whole(3, 8)),
  ],
  ({ dice, writer }) => [
    { wait: 0, do: 'fail for', at: 'warehouse', fault: 'not-found', ms: dice.pick(20 * SECOND, 6 * MINUTE) },
    ...writer.burst(dice.whole(3, 8)),
  ],
  ({ dice, writer }) => [
    {
      wait: 0,
      do: 'fail for',
      at: 'warehouse',
      fault: 'delay',
      ms: dice.pick(20 * SECOND, 3 * MINUTE),
      by: dice.pick(8 * SECOND, 45 * SECOND, 70 * SECOND),
    },
    ...writer.burst(dice.whole(3, 6)),
  ],
  ({ dice, writer }) => [
    {
      wait: 0,
      do: 'fail for',
      at: 'warehouse',
      fault: 'show-late',
      ms: 2 * MINUTE,
      by: dice.pick(3 * SECOND, 20 * SECOND, 90 * SECOND),
    },
    ...writer.burst(dice.whole(3, 6)),
  ],
  ({ dice, writer }) => [
    {
      wait: 0,
      do: 'fail next',
      at: 'warehouse',
      fault: dice.pick('lose-response', 'store-part'),
      count: dice.whole(1, 4),
    },
    ...writer.burst(dice.whole(3, 8)),
  ],
  // Rows that are rejected, for good or for a while.
  ({ dice, writer }) => {
    const name = writer.name();
    return [
      { wait: 0, do: 'reject rows', name },
      ...writer.burst(2),
      writer.put(name, dice.pick(0, SECOND)),
      ...writer.burst(3),
      writer.put(name),
      ...(dice.chance(0.6) ? ([{ wait: 20 * SECOND, do: 'take rows', name }] as const) : []),
      ...(dice.chance(0.6) ? ([{ wait: 10 * SECOND, do: 'replay dead letters' }] as const) : []),
    ];
  },
  // Two items that JSON can't carry, close together, while dead letters are refused.
  ({ dice, writer }) => {
    const [first = '', second = '', third = ''] = writer.names(3);
    return [
      { wait: 0, do: 'fail for', at: 'dead letters', fault: 'refuse', ms: dice.pick(5 * SECOND, 40 * SECOND) },
      writer.put(first),
      writer.unreadable(second),
      writer.unreadable(third),
      writer.put(first),
      ...(dice.chance(0.7)
        ? [writer.put(second, dice.pick(0, 5 * SECOND)), writer.put(second), writer.put(third)]
        : []),
      ...(dice.chance(0.5) ? [writer.put(third)] : []),
    ];
  },
];
