import type { Dice } from './dice.ts';
import type { Setting, Step } from './plan.ts';
import type { Writer } from './writer.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** What an incident is decided with. */
export type Author = { readonly dice: Dice; readonly writer: Writer; readonly setting: Setting };

type Incident = (author: Author) => readonly Step[];

/** Trouble with the destination. */
const DESTINATION: readonly Incident[] = [
  ({ dice, writer }) => [
    { wait: 0, do: 'outage', ms: dice.pick(5 * SECOND, MINUTE, 6 * MINUTE) },
    ...writer.burst(dice.whole(3, 8)),
  ],
  ({ dice, writer }) => [
    { wait: 0, do: 'quota', ms: dice.pick(5 * SECOND, 6 * MINUTE) },
    ...writer.burst(dice.whole(3, 8)),
  ],
  ({ dice, writer }) => [
    { wait: 0, do: 'forget table', ms: dice.pick(20 * SECOND, 6 * MINUTE) },
    ...writer.burst(dice.whole(3, 8)),
  ],
  ({ dice, writer }) => [
    {
      wait: 0,
      do: 'slow down',
      ms: dice.pick(20 * SECOND, 3 * MINUTE),
      by: dice.pick(8 * SECOND, 45 * SECOND, 70 * SECOND),
    },
    ...writer.burst(dice.whole(3, 6)),
  ],
  ({ dice, writer }) => [
    { wait: 0, do: 'show late', ms: 2 * MINUTE, by: dice.pick(3 * SECOND, 20 * SECOND, 90 * SECOND) },
    ...writer.burst(dice.whole(3, 6)),
  ],
  ({ dice, writer }) => [
    { wait: 0, do: dice.pick('lose answers', 'store in part'), count: dice.whole(1, 4) },
    ...writer.burst(dice.whole(3, 8)),
  ],
  // Rows that it never takes, until it does.
  ({ dice, writer }) => {
    const name = writer.name();
    return [
      { wait: 0, do: 'refuse rows', name },
      ...writer.burst(2),
      writer.put(name, dice.pick(0, SECOND)),
      ...writer.burst(3),
      writer.put(name),
      ...(dice.chance(0.6) ? ([{ wait: 20 * SECOND, do: 'take rows again', name }] as const) : []),
      ...(dice.chance(0.6) ? ([{ wait: 10 * SECOND, do: 'replay dead letters' }] as const) : []),
    ];
  },
  // Two that can't be carried, close together, and nowhere to put them.
  ({ dice, writer }) => {
    const [first = '', second = '', third = ''] = writer.names(3);
    return [
      { wait: 0, do: 'fill dead letters', ms: dice.pick(5 * SECOND, 40 * SECOND) },
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

/** Trouble with Lambda. */
const LAMBDA: readonly Incident[] = [
  ({ dice, writer }) => [
    { wait: 0, do: 'crash lambda', at: dice.times(dice.whole(1, 4), () => dice.whole(0, 3)) },
    ...writer.burst(dice.whole(4, 8)),
  ],
  ({ dice, writer }) => [{ wait: 0, do: 'deliver twice', count: dice.whole(1, 5) }, ...writer.burst(dice.whole(4, 8))],
  ({ dice, writer }) => [{ wait: 0, do: 'pause lambda', ms: dice.pick(2, 20) * MINUTE }, ...writer.burst(5)],
  // Away for more than a day: what was written at first is gone.
  ({ dice, writer }) => [
    ...writer.burst(2),
    { wait: 10 * SECOND, do: 'pause lambda', ms: 25 * HOUR },
    ...writer.burst(4),
    { wait: 24.5 * HOUR, do: 'nothing' },
    ...writer.burst(3),
    ...(dice.chance(0.5) ? [{ wait: 40 * MINUTE, ...quickBackfill(dice) }] : []),
  ],
  // Away for so long that Lambda gives up.
  ({ dice, writer, setting }) => {
    const { maxAgeMs } = setting.mapping;
    const names = writer.names(3);
    return [
      ...(dice.chance(0.5) ? ([{ wait: 0, do: 'make payloads huge', count: 2 }] as const) : []),
      { wait: 0, do: 'outage', ms: maxAgeMs + 25 * MINUTE },
      ...names.map((name) => writer.put(name, SECOND)),
      ...writer.burst(3),
      { wait: maxAgeMs + 26 * MINUTE, do: 'nothing' },
      ...(dice.chance(0.6) ? names.map((name) => writer.put(name, SECOND)) : []),
      ...(dice.chance(0.6) ? [{ wait: 12 * MINUTE, ...quickBackfill(dice) }] : []),
      ...(dice.chance(0.4) ? ([{ wait: 2 * MINUTE, do: 'outage', ms: 6 * MINUTE }] as const) : []),
      ...(dice.chance(0.7) ? ([{ wait: dice.pick(0, 0, 25 * HOUR), do: 'replay failures' }] as const) : []),
    ];
  },
];

/** Trouble with the stream. */
const STREAM: readonly Incident[] = [
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

/** Trouble with commands. */
const COMMANDS: readonly Incident[] = [
  // The table is written to all the time.
  ({ dice, writer }) => [
    // Behind a young stream the reading would begin when the writing is over.
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
  // One backfill overtakes another, and something is lost in between.
  ({ dice, writer }) => {
    // The slow one has read them by then: it reads in their order.
    const names = ['item-0', 'item-1', 'item-2'];
    return [
      { wait: 11 * MINUTE, do: 'backfill', segments: 1, manner: { pageItems: 1, pageMs: 2 * MINUTE } },
      ...names.map((name) => ({ wait: 0, do: 'refuse rows', name }) as const),
      ...names.map((name) => writer.put(name, dice.pick(2, 3) * MINUTE)),
      ...names.map((name) => ({ wait: 10 * SECOND, do: 'take rows again', name }) as const),
      { wait: 6 * MINUTE, ...quickBackfill(dice) },
      { wait: 0, do: 'await commands' },
    ];
  },
  ({ dice, writer }) => [
    { wait: 0, do: 'lose publications', count: 1 },
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

/** Trouble with tail. */
const TAIL: readonly Incident[] = [
  ({ dice, writer }) => [
    { wait: 0, do: 'stop tail' },
    { wait: 3 * SECOND, do: 'start tail', killAfter: dice.whole(1, 60) },
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
    { wait: 0, do: dice.pick('throttle', 'expire iterators', 'give empty pages'), count: dice.whole(1, 6) },
    ...writer.burst(dice.whole(5, 9)),
  ],
  // Split while nobody reads.
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

/** Decides on an incident that can happen in the setting. */
export function incident(author: Author): readonly Step[] {
  const { dice, setting } = author;
  const readers = setting.readers === 'lambda' ? [LAMBDA] : setting.readers === 'tail' ? [TAIL] : [LAMBDA, TAIL];
  const [first = COMMANDS, ...rest] = dice.pick([DESTINATION], [STREAM], [COMMANDS], readers, readers);
  const incidents = dice.pick(first, ...rest);
  const [one, ...others] = incidents;
  return one ? dice.pick(one, ...others)(author) : [];
}

function quickBackfill(dice: Dice) {
  return {
    do: 'backfill',
    segments: dice.whole(1, 3),
    manner: { pageItems: dice.whole(2, 5), pageMs: dice.pick(50, SECOND) },
  } as const;
}

function slowBackfill(dice: Dice) {
  const manner = { pageItems: dice.whole(1, 2), pageMs: dice.pick(300, SECOND, 20 * SECOND) };
  return { do: 'backfill', segments: dice.whole(1, 3), manner } as const;
}

function earlyEnd(dice: Dice) {
  return dice.chance(0.6) ? { killAfter: dice.whole(1, 60) } : { stopAfterMs: dice.whole(100, 20 * SECOND) };
}
