import { describe, expect, test } from 'vitest';
import { type Absence, gaps, type Read, replay, tail } from '../../support/stages/reader-stages.ts';

const HOUR = 3_600_000;

const records = (...numbers: readonly number[]) => numbers.map((number) => [String(number), 'k'] as const);

type Case = Absence & {
  readonly name: string;
  readonly lost: readonly string[];
  /** What a reader takes that catches up; one that follows, too. */
  readonly taken: readonly number[];
};

const CASES: readonly Case[] = [
  {
    name: 'a child that was listed meanwhile, its oldest trimmed, behind a parent that was done',
    script: (streams) => streams.shard('root', { records: records(1, 2) }),
    at: (call, _, taken) => call === 'describe' && taken.has('2'),
    meanwhile(streams, clock) {
      clock.jump(HOUR);
      streams.shard('child', { parent: 'root', records: records(21, 22, 23, 24) });
      clock.jump(25 * HOUR);
      streams.trim('child', '23');
    },
    lost: ['shard child from its beginning to below 23'],
    taken: [1, 2, 23, 24],
  },
  {
    name: 'a child that was listed from the first, its oldest trimmed, behind a parent that was done',
    script: (streams) =>
      streams
        .shard('root', { records: records(1, 2) })
        .shard('child', { parent: 'root', records: records(21, 22, 23) }),
    at: (call, shardId) => call === 'iterator' && shardId === 'child',
    meanwhile(streams, clock) {
      clock.jump(26 * HOUR);
      streams.trim('child', '23');
    },
    lost: ['shard child from its beginning to below 23'],
    taken: [1, 2, 23],
  },
  {
    name: 'a child of a parent that was done and held no record',
    script: (streams) => streams.shard('root').shard('child', { parent: 'root', records: records(21, 22, 23) }),
    at: (call, shardId) => call === 'iterator' && shardId === 'child',
    meanwhile(streams, clock) {
      clock.jump(26 * HOUR);
      streams.trim('child', '22');
    },
    lost: ['shard child from its beginning to below 22'],
    taken: [22, 23],
  },
  ...[true, false].map(
    (listed): Case => ({
      name: `a child of a parent that was done, gone and ${listed ? 'still' : 'no longer'} listed`,
      script: (streams) =>
        streams
          .shard('root', { records: records(1, 2) })
          .shard('child', { parent: 'root', records: records(21) })
          .shard('next', { parent: 'child', records: records(31) }),
      at: (call, shardId) => call === 'iterator' && shardId === 'child',
      meanwhile(streams, clock) {
        clock.jump(26 * HOUR);
        streams.drop('child', { listed });
      },
      lost: ['shard child from its beginning to its end', 'shard next from its beginning to below 31'],
      taken: [1, 2, 31],
    }),
  ),
  ...[true, false].map(
    (listed): Case => ({
      name: `a shard that was begun, gone and ${listed ? 'still' : 'no longer'} listed`,
      script: (streams) => streams.shard('a', { records: records(1, 2, 3, 4, 5, 6, 7, 8, 9) }),
      at: (call, shardId, taken) => call === 'records' && shardId === 'a' && taken.has('3'),
      meanwhile: (streams) => streams.drop('a', { listed }),
      lost: ['shard a after 3 to its end'],
      taken: [1, 2, 3],
    }),
  ),
  {
    name: 'a shard that was begun, the next of its records trimmed',
    script: (streams) => streams.shard('a', { records: records(1, 2, 3, 4, 5, 6) }),
    at: (call, shardId, taken) => call === 'records' && shardId === 'a' && taken.has('3'),
    meanwhile: (streams) => streams.trim('a', '6'),
    lost: ['shard a after 3 to below 6'],
    taken: [1, 2, 3, 6],
  },
  {
    name: 'an open shard that was begun, all the rest trimmed and nothing come since',
    script: (streams) => streams.shard('a', { records: records(1, 2, 3, 4, 5, 6), open: true }),
    at: (call, shardId, taken) => call === 'records' && shardId === 'a' && taken.has('3'),
    meanwhile(streams, clock) {
      clock.jump(26 * HOUR);
      streams.trim('a', '7');
    },
    lost: ['shard a after 3 to its end'],
    taken: [1, 2, 3],
  },
  {
    name: 'an open shard that was listed and never begun, all of it trimmed and nothing come since',
    script: (streams) => streams.shard('a', { records: records(1, 2), open: true }),
    at: (call) => call === 'iterator',
    meanwhile(streams, clock) {
      clock.jump(26 * HOUR);
      streams.trim('a', '3');
    },
    lost: ['shard a from its beginning to its end'],
    taken: [],
  },
  ...[true, false].map(
    (listed): Case => ({
      name: `a shard that was listed and never begun, gone a day later and ${listed ? 'still' : 'no longer'} listed`,
      script: (streams) => streams.shard('b', { records: records(2) }),
      at: (call) => call === 'iterator',
      meanwhile(streams, clock) {
        clock.jump(26 * HOUR);
        streams.drop('b', { listed });
      },
      lost: ['shard b from its beginning to its end'],
      taken: [],
    }),
  ),
  {
    name: 'a parent that was begun and is trimmed, its child trimmed, too',
    script: (streams) =>
      streams
        .shard('root', { records: records(1, 2, 3, 4, 5, 6) })
        .shard('child', { parent: 'root', records: records(21, 22) }),
    at: (call, shardId, taken) => call === 'records' && shardId === 'root' && taken.has('3'),
    meanwhile(streams, clock) {
      clock.jump(26 * HOUR);
      streams.drop('root');
      streams.trim('child', '22');
    },
    lost: ['shard root after 3 to its end', 'shard child from its beginning to below 22'],
    taken: [1, 2, 3, 22],
  },
  {
    name: 'a whole stream whose shards have come and gone',
    script: (streams) => streams.shard('a', { records: records(1, 2, 3, 4) }).shard('b', { records: records(5) }),
    at: (call, shardId, taken) => call === 'records' && shardId === 'a' && taken.has('3') && taken.has('5'),
    meanwhile(streams, clock) {
      clock.jump(26 * HOUR);
      streams.drop('a');
      streams.drop('b');
    },
    lost: ['shard b after 5 to its end', 'shard a after 3 to its end'],
    taken: [1, 2, 3, 5],
  },
  {
    name: 'a stream that is off, a day after a shard of it was done, and has no shards any more',
    script: (streams) => streams.shard('a', { records: records(1) }),
    at: (call, _, taken) => call === 'describe' && taken.has('1'),
    meanwhile(streams, clock) {
      clock.jump(26 * HOUR);
      streams.drop('a');
      streams.status = 'DISABLED';
    },
    lost: ['shard a after 1 to its end'],
    taken: [1],
  },
  {
    name: 'a shard that came and went unseen, and the beginning of its child',
    script: (streams) => streams.shard('a', { records: records(1) }),
    at: (call, _, taken) => call === 'describe' && taken.has('1'),
    meanwhile(streams, clock) {
      clock.jump(50 * HOUR);
      streams.drop('a');
      streams.shard('c', { parent: 'b', records: records(3) });
    },
    lost: [
      'shard b from its beginning to its end',
      'shard a after 1 to its end',
      'shard c from its beginning to below 3',
    ],
    taken: [1, 3],
  },
  {
    name: 'nothing of an absence of two hours, whatever became of the shards',
    script: (streams, clock) => {
      streams.shard('root', { records: records(1, 2) }).shard('child', { parent: 'root', records: records(21, 22) });
      clock.jump(HOUR);
    },
    at: (call, shardId) => call === 'iterator' && shardId === 'child',
    meanwhile(streams, clock) {
      streams.shard('next', { parent: 'child', records: records(31) });
      clock.jump(2 * HOUR);
    },
    lost: [],
    taken: [1, 2, 21, 22, 31],
  },
  {
    name: 'nothing of a shard that is gone, and listed, when the reading begins',
    script(streams) {
      streams.shard('a', { records: records(1) }).shard('b', { parent: 'a', records: records(2) });
      streams.drop('a', { listed: true });
    },
    at: null,
    lost: [],
    taken: [2],
  },
  {
    name: 'nothing of parents that were trimmed before the reading began',
    script: (streams) =>
      streams
        .shard('b', { parent: 'trimmed', records: records(1) })
        .shard('c', { parent: 'trimmed', records: records(2), open: true }),
    at: null,
    lost: [],
    taken: [1, 2],
  },
  {
    name: 'nothing of what was trimmed before the reading began',
    script(streams) {
      streams.shard('a', { records: records(1, 2, 3) });
      streams.trim('a', '3');
    },
    at: null,
    lost: [],
    taken: [3],
  },
  {
    name: 'nothing of children that are listed late',
    script: (streams, clock) =>
      streams
        .shard('a', { records: records(1) })
        .shard('b', { parent: 'a', records: records(2), open: true, listedAt: clock.now() + 3_000 }),
    at: null,
    lost: [],
    taken: [1, 2],
  },
  {
    name: 'nothing of the second child of a split, which is listed later than the first',
    script: (streams, clock) =>
      streams
        .shard('a', { records: records(1) })
        .shard('b', { parent: 'a', records: records(2), open: true })
        .shard('c', { parent: 'a', records: records(3), open: true, listedAt: clock.now() + 3_000 }),
    at: null,
    lost: [],
    taken: [1, 2, 3],
  },
  {
    name: 'nothing where an iterator has expired, a page was empty and the stream throttled',
    script(streams) {
      streams.shard('a', { records: records(1, 2, 3, 4) });
      streams.failNext('describe', 'throttle', 'throttle');
      streams.failNext('records', 'empty-page', 'expire', 'throttle', 'empty-page');
    },
    at: null,
    lost: [],
    taken: [1, 2, 3, 4],
  },
];

test.each([
  ['tail', tail],
  ['replay --stream', replay],
])('%s refuses a stream of the same name, shards and numbers that was switched on at another time', async (_, read) => {
  const absence: Absence = {
    script: (streams) => streams.shard('a', { records: records(1, 2, 3, 4) }),
    at: (call, shardId, taken) => call === 'records' && shardId === 'a' && taken.has('3'),
    meanwhile(streams) {
      streams.createdAt += HOUR;
    },
  };

  await expect(read(absence)).rejects.toMatchObject({
    kind: 'stream-changed',
    message: expect.stringContaining(
      'switched on at 1970-01-01T01:00:00.000Z; the stream that was read is another one of the same name',
    ),
  });
});

test.each([
  ['tail', tail],
  ['replay --stream', replay],
])('%s says of a stream that is gone altogether how to make up for it', async (_, read) => {
  const absence: Absence = {
    script: (streams) => streams.shard('a', { records: records(1, 2, 3, 4) }),
    at: (call, shardId, taken) => call === 'records' && shardId === 'a' && taken.has('3'),
    meanwhile: (streams) => streams.failNext('describe', 'stream-missing'),
  };

  await expect(read(absence)).rejects.toMatchObject({
    kind: 'stream-missing',
    remedy: expect.stringContaining('tailrace backfill'),
  });
});

describe.each<[string, (absence: Absence) => Promise<Read>]>([
  ['tail', tail],
  ['replay --stream', replay],
  ['gaps', gaps],
])('%s names', (_, read) => {
  test.each(CASES)('$name', async ({ lost, taken, ...absence }) => {
    const found = await read(absence);

    expect(found.lost.toSorted()).toEqual(lost.toSorted());
    expect(found.taken.map(Number).toSorted((one, other) => one - other)).toEqual(taken);
  });
});
