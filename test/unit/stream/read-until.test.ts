import { describe, expect, test } from 'vitest';
import { readUntil } from '../../../src/stream/read-until.ts';
import { FollowStage } from '../../support/stages/follow-stage.ts';

const MONTH_MS = 30 * 24 * 3_600_000;

const shards = (...times: (number | null)[]) => times.map((time) => ({ readUntil: time }));

test.each<[string, number | null, (number | null)[], number | null, number | null]>([
  ['the shard furthest behind', 100_000, [90_000, 60_000, 80_000], null, 60_000],
  ['the description, which may lack a shard', 100_000, [99_000], null, 95_000],
  ['the description alone, once all shards are done', 100_000, [], null, 95_000],
  ['nothing, where a shard was not read yet', 100_000, [90_000, null], null, null],
  ['nothing, before the first description', null, [], null, null],
  ['what was known before, where a shard was not read yet', 100_000, [90_000, null], 50_000, 50_000],
  ['what was known before, where a shard seems further behind', 100_000, [40_000], 50_000, 50_000],
])('a stream is read up to %s', (_, describedAt, times, before, expected) => {
  expect(readUntil(shards(...times), describedAt, before)).toBe(expected);
});

describe('the checkpoint of a tail', () => {
  async function followedFor(ms: number, change: (stage: FollowStage) => void) {
    const stage = new FollowStage();
    stage.clock.jump(MONTH_MS);
    stage.streams.shard('a', { open: true }).shard('b', { open: true });
    change(stage);
    const began = stage.clock.now();
    const running = stage.start();
    await stage.clock.until(() => stage.clock.now() >= began + ms);
    // What a look at the file shows while the tail runs.
    const { savedAt, readUntil: until } = stage.checkpoint();
    const now = stage.clock.now();
    stage.stop();
    await stage.clock.run(running);
    return { sinceSaved: now - (savedAt ?? 0), lag: now - (until ?? 0), began: now - began };
  }

  test('of an idle table shows that all is read, half a minute old at most', async () => {
    const { sinceSaved, lag } = await followedFor(10 * 60_000, () => {});

    expect(sinceSaved).toBeLessThanOrEqual(15_000);
    expect(lag).toBeLessThanOrEqual(30_000);
  });

  test('never shows as read what the destination did not take', async () => {
    const { sinceSaved, lag } = await followedFor(10 * 60_000, (stage) => {
      stage.streams.append('a', '10', 'k');
      stage.answer = async ({ shardId }) => {
        if (shardId === 'a') throw new Error('Injected: away');
        return null;
      };
    });

    expect(sinceSaved).toBeLessThanOrEqual(15_000);
    expect(lag).toBeGreaterThanOrEqual(10 * 60_000);
  });

  test('never shows as read what the stream did not give', async () => {
    const { lag } = await followedFor(10 * 60_000, (stage) => {
      stage.streams.faultOf = (call, shard) => (call === 'records' && shard === 'b' ? 'refuse' : null);
    });

    expect(lag).toBeGreaterThanOrEqual(10 * 60_000);
  });
});
