import type { EarlyEnd } from '../plan.ts';
import { type Incident, MINUTE, PAGE_UNITS, SECOND } from './author.ts';
import { earlyEnd } from './backfill-manners.ts';

/** Trouble with replays, searches for gaps and repairs. */
export const REPLAYS: readonly Incident[] = [
  ({ dice, writer }) => [
    ...writer.burst(3),
    { wait: dice.pick(0, MINUTE), do: 'replay shard', index: dice.whole(0, 9), part: dice.pick(0, 0.3, 0.8) },
    ...writer.burst(3),
  ],
  ({ dice, writer }) => [
    ...writer.burst(3),
    { wait: dice.pick(0, 6 * MINUTE), do: 'search gaps', fill: dice.chance(0.5) },
    ...writer.burst(4),
  ],
  // A loss that is older than a change may be late, and a verify during writes.
  ({ dice, writer }) => {
    const name = writer.name();
    return [
      { wait: 0, do: 'reject rows', name },
      writer.put(name, SECOND),
      { wait: 20 * SECOND, do: 'take rows', name },
      { wait: 8 * MINUTE, do: 'verify', manner: { pageItems: dice.whole(1, 3), pageMs: dice.pick(50, 2 * SECOND) } },
      ...writer.burst(dice.whole(3, 6), dice.pick(150, SECOND)),
    ];
  },
  // A loss that is older than the floor's margin, or none, and a repair during writes.
  ({ dice, writer }) => {
    const name = writer.name();
    const manner = { pageItems: dice.whole(1, 3), pageMs: dice.pick(50, 2 * SECOND) };
    return [
      ...(dice.chance(0.8) ? ([{ wait: 0, do: 'reject rows', name }] as const) : []),
      writer.put(name, SECOND),
      { wait: 20 * SECOND, do: 'take rows', name },
      {
        wait: dice.pick(MINUTE, 8 * MINUTE),
        do: 'repair',
        segments: 2,
        manner,
        ...(dice.chance(0.3) ? earlyEnd(dice) : {}),
      },
      ...writer.burst(dice.whole(3, 6), dice.pick(150, SECOND)),
      ...(dice.chance(0.5) ? ([{ wait: 8 * MINUTE, do: 'repair', segments: 2, manner }] as const) : []),
    ];
  },
  // A repair under a cap that may be too low for all of the table, and its resumption.
  ({ dice, writer }) => {
    const name = writer.name();
    const manner = { pageItems: 1, pageMs: dice.pick(100, 5 * SECOND), pageUnits: dice.pick(0.5, 60, PAGE_UNITS) };
    const repair = { do: 'repair', segments: dice.whole(1, 2), manner } as const;
    return [
      ...(dice.chance(0.5) ? ([{ wait: 0, do: 'reject rows', name }] as const) : []),
      writer.put(name, SECOND),
      { wait: 20 * SECOND, do: 'take rows', name },
      { wait: 8 * MINUTE, ...repair, maxUnits: PAGE_UNITS * dice.whole(2, 4) },
      ...writer.burst(dice.whole(2, 4), dice.pick(SECOND, 20 * SECOND)),
      { wait: 0, do: 'await commands' },
      ...(dice.chance(0.6)
        ? ([
            { wait: SECOND, ...repair, ...(dice.chance(0.5) ? { maxUnits: PAGE_UNITS * dice.whole(4, 8) } : {}) },
            { wait: 0, do: 'await commands' },
          ] as const)
        : []),
    ];
  },
  // A repair that ends early, the loss of an item's change after it has read the item, and its resumption.
  ({ dice, writer }) => {
    // A scan gives items in the order of their names.
    const [read, repaired] = ['item-0', `item-${dice.whole(1, 3)}`];
    const manner = { pageItems: 1, pageMs: 5 * SECOND, pageUnits: PAGE_UNITS };
    const repair = { do: 'repair', segments: dice.whole(1, 2), manner } as const;
    const end = dice.pick<EarlyEnd & { readonly maxUnits?: number }>(
      { stopAfterMs: dice.whole(7, 40) * SECOND },
      { crashAfter: dice.whole(20, 60) },
      { maxUnits: PAGE_UNITS * dice.whole(2, 4) },
    );
    const lost = (name: string) =>
      [
        { wait: 0, do: 'reject rows', name },
        writer.put(name, SECOND),
        { wait: 20 * SECOND, do: 'take rows', name },
      ] as const;
    return [
      writer.put(read),
      ...lost(repaired),
      { wait: 8 * MINUTE, ...repair, ...end },
      { wait: 0, do: 'await commands' },
      ...lost(read),
      { wait: dice.pick(0, 8 * MINUTE), ...repair },
      { wait: 0, do: 'await commands' },
    ];
  },
  // Rows that are rejected for a while, and a replay of their dead letters as files.
  ({ dice, writer }) => {
    const name = writer.name();
    return [
      { wait: 0, do: 'reject rows', name },
      writer.put(name, SECOND),
      writer.put(name, SECOND),
      ...(dice.chance(0.7) ? ([{ wait: 20 * SECOND, do: 'take rows', name }] as const) : []),
      { wait: 20 * SECOND, do: 'replay files' },
      ...writer.burst(2),
      { wait: dice.pick(SECOND, 7 * MINUTE), do: 'search gaps', fill: dice.chance(0.5) },
    ];
  },
];
