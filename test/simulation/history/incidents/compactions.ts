import type { Action, EarlyEnd, Step } from '../plan.ts';
import { type Author, HOUR, type Incident, MINUTE, SECOND } from './author.ts';
import { earlyEnd, quickBackfill, slowBackfill } from './backfill-manners.ts';

const DAY = 24 * HOUR;

/** A compaction, of changes alone if there is no snapshot yet. */
export function compaction({ dice }: Pick<Author, 'dice'>) {
  return {
    do: 'compact',
    foldMs: dice.pick(200, 5 * SECOND, 40 * SECOND),
    dropReplaced: dice.chance(0.4),
    // A stream has the changes of a day; what is replayed later may be older.
    horizonMs: dice.pick(26 * HOUR, 30 * HOUR, 90 * DAY),
  } as const satisfies Action;
}

const heldUp = { wait: 0, do: 'fail next', at: 'warehouse', fault: 'arrive-late', count: 1 } as const;

/** Hours in which a tail runs on: it is stopped for longer waits. */
function hours(count: number): readonly Step[] {
  return Array.from({ length: Math.ceil(2.5 * count) }, () => ({ wait: 24 * MINUTE, do: 'nothing' }));
}

const waited = { wait: 0, do: 'await commands' } as const;

/** Trouble with compactions. Each takes in rows, and others come later: of younger changes, of older ones, or again. */
export const COMPACTIONS: readonly Incident[] = [
  // Writes before, during and after it, and a compaction of it.
  (author) => {
    const { dice, writer } = author;
    return [
      ...writer.burst(dice.whole(1, 4)),
      { wait: dice.pick(0, 300, 20 * SECOND), ...compaction(author) },
      ...writer.burst(dice.whole(2, 6), dice.pick(150, SECOND, 5 * SECOND)),
      ...(dice.chance(0.7) ? [waited, ...writer.burst(2), { wait: SECOND, ...compaction(author) }] : []),
      ...writer.burst(2),
    ];
  },
  // Old changes that come after it: a replay of a part of the stream, and of what was set aside.
  (author) => {
    const { dice, writer } = author;
    const name = writer.name();
    return [
      writer.put(name),
      ...(dice.chance(0.6) ? [writer.remove(name, SECOND)] : [writer.put(name, SECOND)]),
      { wait: 20 * SECOND, ...compaction(author) },
      waited,
      ...(dice.chance(0.3) ? [{ wait: SECOND, ...compaction(author) }, waited] : []),
      {
        wait: dice.pick(SECOND, MINUTE),
        do: 'replay shard',
        index: dice.whole(0, 9),
        part: dice.pick(0, 0.3, 0.8),
      },
      ...(dice.chance(0.5) ? ([{ wait: SECOND, do: 'replay stream' }] as const) : []),
    ];
  },
  // While a backfill reads, which then replaces it.
  (author) => {
    const { dice, writer } = author;
    const backfill = { ...slowBackfill(dice), ...(dice.chance(0.3) ? earlyEnd(dice) : {}) };
    return [
      { wait: 12 * MINUTE, ...backfill },
      ...writer.burst(dice.whole(1, 4), 2 * SECOND),
      { wait: dice.pick(0, SECOND, 10 * SECOND), ...compaction(author) },
      ...writer.burst(2),
      ...(dice.chance(0.5) ? ([waited, { wait: SECOND, ...quickBackfill(dice) }] as const) : []),
    ];
  },
  // One that is begun before a backfill ends, and then may not be published.
  (author) => {
    const { dice, writer } = author;
    return [
      { wait: 12 * MINUTE, ...compaction(author), foldMs: dice.pick(20 * SECOND, 2 * MINUTE) },
      ...writer.burst(2),
      { wait: SECOND, ...quickBackfill(dice) },
      ...writer.burst(3),
    ];
  },
  // Two at once.
  (author) => {
    const { dice, writer } = author;
    return [
      ...writer.burst(dice.whole(1, 3)),
      { wait: dice.pick(0, 20 * SECOND), ...compaction(author) },
      { wait: dice.pick(0, 100, 3 * SECOND), ...compaction(author) },
      ...writer.burst(3),
    ];
  },
  // One that is killed at any step, and the next, at once or when what is left counts as left behind.
  (author) => endedEarly(author, { crashAfter: author.dice.whole(1, 36) }),
  // One that is stopped while it folds.
  (author) => endedEarly(author, { stopAfterMs: author.dice.whole(300, 8 * SECOND), foldMs: 30 * SECOND }),
  // A rollback, and what comes after it: it goes to another reading, past all compactions.
  (author) => {
    const { dice, writer } = author;
    return [
      { wait: 7 * MINUTE, ...quickBackfill(dice) },
      waited,
      ...writer.burst(2),
      { wait: SECOND, ...compaction(author) },
      waited,
      ...(dice.chance(0.5) ? [...writer.burst(1), { wait: SECOND, ...compaction(author) }, waited] : []),
      { wait: SECOND, do: dice.chance(0.6) ? 'roll back' : 'publish snapshot', pick: dice.whole(0, 9) },
      ...writer.burst(2),
      ...(dice.chance(0.5) ? [{ wait: SECOND, ...compaction(author) }] : []),
      ...(dice.chance(0.5) ? ([{ wait: MINUTE, do: 'roll back' }] as const) : []),
    ];
  },
  // Rows that are visible only after it, though they were stamped before.
  (author) => {
    const { dice, writer } = author;
    return [
      {
        wait: 0,
        do: 'fail for',
        at: 'warehouse',
        fault: dice.pick('show-late', 'delay'),
        ms: 2 * MINUTE,
        by: dice.pick(8 * SECOND, 45 * SECOND, 90 * SECOND),
      },
      ...writer.burst(dice.whole(2, 4)),
      { wait: dice.pick(0, SECOND, 5 * SECOND), ...compaction(author) },
      ...writer.burst(2),
    ];
  },
  // Rows that differ of a change that it has: they come later, by a replay under other rules.
  (author) => {
    const { dice, writer } = author;
    return [
      ...writer.burst(dice.whole(2, 4)),
      { wait: 20 * SECOND, ...compaction(author) },
      waited,
      { wait: SECOND, do: 'replay shard', index: dice.whole(0, 2), part: 0, hasOtherRules: true },
      waited,
      ...(dice.chance(0.5) ? [{ wait: SECOND, ...compaction(author) }, waited] : []),
    ];
  },
  // An insert that leaves hours after it was made, and a compaction in between.
  (author) => {
    const { writer, setting } = author;
    const name = writer.name();
    const isFollowed = setting.readers === 'tail';
    return [
      ...(isFollowed ? [] : ([{ wait: 0, do: 'reject rows', name }] as const)),
      ...(isFollowed ? [heldUp] : []),
      writer.put(name, SECOND),
      ...(isFollowed
        ? []
        : ([
            { wait: 20 * SECOND, do: 'take rows', name },
            { ...heldUp, wait: SECOND },
            { wait: 0, do: 'replay dead letters' },
          ] as const)),
      ...hours(2.4),
      { wait: 0, ...compaction(author) },
      ...writer.burst(1),
      ...hours(1),
    ];
  },
  // Machines whose clocks are set, to what is wrong or right.
  (author) => {
    const { dice, writer } = author;
    const of = author.setting.destination === 'duckdb' ? 'file' : 'operator';
    return [
      { wait: 0, do: 'set clock', of, ms: dice.pick(-2 * DAY, -20 * MINUTE, 3 * HOUR, 26 * HOUR) },
      ...writer.burst(dice.pick(0, 0, 2)),
      { wait: 5 * SECOND, ...compaction(author), horizonMs: 90 * DAY },
      waited,
      { wait: SECOND, do: 'set clock', of, ms: dice.pick(0, 0, -HOUR) },
      ...writer.burst(dice.whole(2, 4)),
      ...(dice.chance(0.5) ? [{ wait: SECOND, ...compaction(author) }, waited] : []),
    ];
  },
  // A writer whose clock is set back between two attempts, while a backfill reads: the later one has a stamp of before.
  ({ dice, writer }) => [
    writer.put('item-0'),
    writer.put('item-1'),
    { wait: 12 * MINUTE, do: 'backfill', segments: 1, manner: { pageItems: 1, pageMs: 5 * SECOND } },
    { wait: 20 * SECOND, do: 'fail next', at: 'warehouse', fault: 'store-part', count: 4 },
    writer.put('item-0'),
    writer.put('item-1', 150),
    { wait: dice.pick(700, 1_000, 1_500), do: 'set clock', of: 'operator', ms: -20 * MINUTE },
    waited,
    { wait: MINUTE, do: 'set clock', of: 'operator', ms: 0 },
  ],
  // Tombstones beyond the horizon, and older changes that come after they are gone.
  (author) => {
    const { dice, writer } = author;
    const name = writer.name();
    return [
      writer.put(name),
      writer.remove(name, SECOND),
      { wait: 10 * SECOND, ...compaction(author) },
      { wait: dice.pick(27, 31) * HOUR, ...compaction(author), horizonMs: 26 * HOUR },
      waited,
      ...writer.burst(2),
      { wait: SECOND, do: dice.pick('replay failures', 'replay dead letters', 'replay files') },
    ];
  },
];

function endedEarly(author: Author, end: EarlyEnd & { readonly foldMs?: number }): readonly Step[] {
  const { dice, writer } = author;
  return [
    ...writer.burst(dice.whole(1, 3)),
    { wait: 2 * SECOND, ...compaction(author), ...end },
    ...writer.burst(3),
    { wait: dice.pick(SECOND, 20 * SECOND, 70 * MINUTE), ...compaction(author) },
    waited,
    ...writer.burst(2),
  ];
}

/** For a changelog that is still young: rows are loaded, by a job that runs hours late, and a compaction comes before. */
export function youngJob(author: Author): readonly Step[] {
  const { dice, writer } = author;
  return [
    { wait: 0, do: 'fail next', at: 'warehouse', fault: 'run-late', count: 1 },
    ...writer.burst(dice.whole(1, 3)),
    ...hours(2.4),
    { wait: 0, ...compaction(author) },
    ...hours(1),
  ];
}
