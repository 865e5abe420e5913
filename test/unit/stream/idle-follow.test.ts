import { expect, test } from 'vitest';
import { newCheckpoint } from '../../../src/stream/checkpoint.ts';
import { encodeCheckpoint } from '../../../src/stream/checkpoint-format.ts';
import { FollowStage } from '../../support/stages/follow-stage.ts';

const HOUR_MS = 3_600_000;

/** Runs a tail for so long, and gives what it named as lost. */
async function followFor(stage: FollowStage, ms: number) {
  const running = stage.start();
  const until = stage.clock.now() + ms;
  await stage.clock.until(() => stage.clock.now() >= until);
  stage.stop();
  return (await stage.clock.run(running)).lost;
}

test('a tail that followed an idle table for ten seconds names no loss when it resumes an hour later', async () => {
  const stage = new FollowStage();
  stage.clock.jump(30 * 24 * HOUR_MS);
  stage.streams.shard('a', { open: true }).shard('b', { open: true });

  expect(await followFor(stage, 10_000)).toEqual([]);
  stage.clock.jump(HOUR_MS);
  expect(await followFor(stage, 60_000)).toEqual([]);
});

test('a tail that is killed a moment after it found a table idle names no loss when it resumes an hour later', async () => {
  const stage = new FollowStage();
  stage.clock.jump(30 * 24 * HOUR_MS);
  stage.streams.shard('a', { open: true });
  const killed = stage.start();
  killed.catch(() => {});
  const until = stage.clock.now() + 15_000;
  await stage.clock.until(() => stage.clock.now() >= until);
  // What it saved by then is all that is left of it.
  const { saved } = stage;
  stage.stop();
  await stage.clock.run(killed);
  stage.saved = saved;

  stage.clock.jump(HOUR_MS);
  expect(await followFor(stage, 60_000)).toEqual([]);
});

test('an idle table that was followed is asked for news once a second, once it is known to be idle', async () => {
  const stage = new FollowStage();
  stage.clock.jump(30 * 24 * HOUR_MS);
  stage.streams.shard('a', { open: true });
  const asked = () => stage.streams.calls.filter((call) => call === 'records a').length;
  const running = stage.start();
  const after = async (ms: number) => {
    const until = stage.clock.now() + ms;
    await stage.clock.until(() => stage.clock.now() >= until);
  };
  await after(30_000);
  const before = asked();
  await after(60_000);
  stage.stop();
  await stage.clock.run(running);

  expect(asked() - before).toBeLessThanOrEqual(61);
});

test('a checkpoint of an earlier version, which has less about a shard that was not begun, names the records trimmed from it', async () => {
  const stage = new FollowStage();
  const checkpoint = newCheckpoint(stage.streams.arn, 'duckdb:test');
  checkpoint.describedAt = stage.clock.now();
  const resume = { at: 'TRIM_HORIZON' } as const;
  checkpoint.shards.set('a', { parentId: null, resume, done: false, absentAt: null, presentAt: null });
  const file = JSON.parse(encodeCheckpoint(checkpoint));
  for (const shard of file.shards) delete shard.present_at;
  stage.saved = JSON.stringify(file);
  const records = ['1', '2', '3', '4'].map((number) => [number, 'k'] as const);
  stage.streams.shard('a', { records });
  stage.clock.jump(26 * HOUR_MS);
  stage.streams.trim('a', '3');
  stage.streams.status = 'DISABLED';

  const { lost } = await stage.run();

  expect(lost).toMatchObject([{ shardId: 'a', start: resume, before: '3' }]);
  expect([...stage.durable]).toEqual(['3', '4']);
});
