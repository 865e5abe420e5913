import { HOUR, type Incident, MINUTE, PAGE_UNITS, SECOND } from './author.ts';
import { earlyEnd, quickBackfill, slowBackfill } from './backfill-manners.ts';

/** Trouble with snapshots and their cost. */
export const SNAPSHOTS: readonly Incident[] = [
  // A backfill that a person publishes only later.
  ({ dice, writer }) => [
    { wait: 7 * MINUTE, ...quickBackfill(dice), publish: false },
    { wait: 0, do: 'await commands' },
    ...writer.burst(dice.whole(2, 5)),
    { wait: dice.pick(SECOND, 10 * MINUTE), do: 'publish snapshot', pick: dice.whole(0, 9) },
    ...writer.burst(2),
  ],
  // A publication, and a rollback.
  ({ dice, writer }) => [
    { wait: 7 * MINUTE, ...quickBackfill(dice) },
    { wait: 0, do: 'await commands' },
    ...writer.burst(dice.whole(1, 4)),
    { wait: dice.pick(0, 7 * MINUTE), do: 'roll back' },
    ...writer.burst(2),
    ...(dice.chance(0.3) ? ([{ wait: MINUTE, do: 'roll back' }] as const) : []),
    // The snapshot before an old one that a person chose is the younger one.
    ...(dice.chance(0.4)
      ? ([
          { wait: MINUTE, do: 'publish snapshot', pick: dice.whole(0, 9) },
          { wait: MINUTE, do: 'roll back' },
        ] as const)
      : []),
  ],
  // A rollback to before a backfill that had covered a loss.
  ({ dice, writer }) => {
    const name = writer.name();
    return [
      { wait: 0, do: 'reject rows', name },
      writer.put(name, SECOND),
      { wait: MINUTE, do: 'take rows', name },
      { wait: 7 * MINUTE, ...quickBackfill(dice) },
      { wait: 0, do: 'await commands' },
      ...writer.burst(2),
      { wait: SECOND, do: 'roll back' },
      ...(dice.chance(0.5) ? ([{ wait: SECOND, do: 'publish snapshot', pick: dice.whole(0, 9) }] as const) : []),
    ];
  },
  // A rollback or a publication while a backfill reads.
  ({ dice, writer }) => [
    { wait: 7 * MINUTE, ...slowBackfill(dice) },
    ...writer.burst(3, 2 * SECOND),
    { wait: dice.pick(0, 5 * SECOND), do: dice.chance(0.5) ? 'roll back' : 'publish snapshot', pick: dice.whole(0, 9) },
    ...writer.burst(2),
    { wait: MINUTE, ...quickBackfill(dice) },
  ],
  // A drop of an old snapshot, of the one being read, or of the published one, which is refused.
  ({ dice, writer }) => [
    { wait: 7 * MINUTE, ...slowBackfill(dice), ...(dice.chance(0.4) ? earlyEnd(dice) : {}) },
    ...writer.burst(dice.whole(1, 3), 2 * SECOND),
    { wait: dice.pick(0, 2 * SECOND), do: 'drop snapshot', pick: dice.whole(0, 9) },
    ...(dice.chance(0.5) ? ([{ wait: 0, do: 'drop snapshot', pick: dice.whole(0, 9) }] as const) : []),
    ...writer.burst(2),
    { wait: MINUTE, ...quickBackfill(dice) },
  ],
  // A backfill that stops at its cap, and is resumed under another cap or without.
  ({ dice, writer }) => {
    const manner = { pageItems: 1, pageMs: dice.pick(100, 5 * SECOND), pageUnits: dice.pick(0.5, 60, PAGE_UNITS) };
    const start = { do: 'backfill', segments: dice.whole(1, 3), manner } as const;
    return [
      { wait: 7 * MINUTE, ...start, maxUnits: PAGE_UNITS * dice.whole(1, 3) },
      ...writer.burst(dice.whole(2, 4), dice.pick(SECOND, 20 * SECOND)),
      { wait: 0, do: 'await commands' },
      ...(dice.chance(0.5) ? ([{ wait: SECOND, ...start, maxUnits: PAGE_UNITS * dice.whole(2, 6) }] as const) : []),
      ...writer.burst(2),
      ...(dice.chance(0.6)
        ? ([
            { wait: dice.pick(MINUTE, HOUR), ...start },
            { wait: 0, do: 'await commands' },
          ] as const)
        : []),
    ];
  },
  // A backfill that dies before its cap and is resumed under the same one: pages whose cost it never learned count too.
  ({ dice, writer }) => {
    const manner = { pageItems: 1, pageMs: dice.pick(100, 5 * SECOND), pageUnits: PAGE_UNITS };
    const start = {
      do: 'backfill',
      segments: dice.whole(1, 2),
      manner,
      maxUnits: PAGE_UNITS * dice.whole(2, 4),
    } as const;
    return [
      { wait: 7 * MINUTE, ...start, crashAfter: dice.whole(16, 50) },
      { wait: 0, do: 'await commands' },
      ...writer.burst(dice.whole(2, 4)),
      { wait: SECOND, ...start },
      { wait: 0, do: 'await commands' },
    ];
  },
  // Two backfills at once, each with its own directory.
  ({ dice, writer }) => [
    { wait: 7 * MINUTE, ...slowBackfill(dice) },
    ...writer.burst(2, SECOND),
    { wait: dice.pick(0, SECOND, 10 * SECOND), ...slowBackfill(dice) },
    ...writer.burst(3, 3 * SECOND),
  ],
];
