import { expect, test } from 'vitest';
import { TailraceError } from '../../../src/errors.ts';
import { describeLoss } from '../../../src/stream/loss.ts';
import type { StreamClient } from '../../../src/stream/stream-client.ts';
import { FollowStage } from '../../support/stages/follow-stage.ts';

const HOUR = 60 * 60_000;

/** Numbers whose text order is not their order. */
const [A1, A2, A3, A4, A5] = ['8', '9', '10', '11', '12'];
const three = (...numbers: readonly string[]) => numbers.map((number) => [number, 'k'] as const);

test('three generations are read parents first, and a stream that is off is followed to its end', async () => {
  const stage = new FollowStage();
  // Listed children first, and siblings of both sorts.
  stage.streams
    .shard('c', { parent: 'b1', records: three('31', '32') })
    .shard('b1', { parent: 'a', records: three('21', '22', '23', '24') })
    .shard('b2', { parent: 'a', records: three('25') })
    .shard('a', { records: three(A1, A2, A3, A4, A5) });
  stage.streams.status = 'DISABLED';

  const result = await stage.run();

  expect(result).toEqual({ reason: 'ended', records: 12, lost: [] });
  const order = [...stage.durable];
  expect(order.slice(0, 5)).toEqual(['8', '9', '10', '11', '12']);
  expect(order.indexOf('24')).toBeLessThan(order.indexOf('31'));
  expect(order).toHaveLength(12);
  expect(stage.pages.every(({ shardId, numbers }) => numbers.every((n) => inShard(stage, shardId, n)))).toBe(true);
});

test('an open parent that already has children is read to its end before they are begun', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { records: three('1', '2'), open: true }).shard('b', { parent: 'a', records: three('9') });
  const running = stage.start();
  await stage.clock.until(() => stage.durable.has('2') && stage.clock.now() > Date.UTC(2026, 0, 2) + 10_000);
  expect(stage.durable.has('9')).toBe(false);

  stage.streams.append('a', '3', 'k');
  stage.streams.close('a');
  await stage.clock.until(() => stage.durable.has('9'));
  stage.stop();
  await stage.clock.run(running);

  expect([...stage.durable]).toEqual(['1', '2', '3', '9']);
});

test('a closed shard without children is described again until they show up', async () => {
  const stage = new FollowStage();
  const later = stage.clock.now() + 7_000;
  stage.streams
    .shard('a', { records: three('1') })
    .shard('b', { parent: 'a', records: three('2'), open: true, listedAt: later });
  const running = stage.start();
  await stage.clock.until(() => stage.durable.has('2'));
  expect(stage.clock.now() - later).toBeLessThan(12_000);
  stage.stop();
  expect(await stage.clock.run(running)).toMatchObject({ reason: 'stopped', records: 2, lost: [] });
});

test('a stream that is off is described again after its last shard before it is believed to have ended', async () => {
  const stage = new FollowStage();
  stage.streams
    .shard('a', { records: three('1') })
    .shard('b', { parent: 'a', records: three('2'), listedAt: stage.clock.now() + 3_000 });
  stage.streams.status = 'DISABLED';
  expect(await stage.run()).toEqual({ reason: 'ended', records: 2, lost: [] });
});

test('shards whose parents are trimmed are both roots', async () => {
  const stage = new FollowStage();
  stage.streams
    .shard('b', { parent: 'trimmed', records: three('1') })
    .shard('c', { parent: 'trimmed', records: three('2') });
  stage.streams.status = 'DISABLED';
  expect(await stage.run()).toEqual({ reason: 'ended', records: 2, lost: [] });
});

test('a stop leaves a checkpoint from which the next run resumes with the very next record', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { records: three('8', '9', '10'), open: true });
  const running = stage.start();
  await stage.clock.until(() => stage.durable.has('10'));
  stage.stop();
  const stoppedAt = stage.clock.now();
  expect(await stage.clock.run(running)).toMatchObject({ reason: 'stopped', records: 3 });
  expect(stage.clock.now() - stoppedAt).toBeLessThan(2_000);

  stage.pages.length = 0;
  stage.streams.append('a', '11', 'k');
  stage.streams.close('a');
  stage.streams.status = 'DISABLED';
  await stage.run();

  expect(stage.streams.calls).toContain('iterator a AFTER_SEQUENCE_NUMBER 10');
  expect(stage.pages).toEqual([{ shardId: 'a', numbers: ['11'] }]);
});

test('a handler that never answers holds up a stop for less than two seconds, and its page is delivered again', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { records: three('1') });
  stage.streams.status = 'DISABLED';
  stage.answer = () => new Promise(() => {});
  const running = stage.start();
  await stage.clock.until(() => stage.pages.length === 1);
  const stoppedAt = stage.clock.now();
  stage.stop();
  expect(await stage.clock.run(running)).toMatchObject({ reason: 'stopped', records: 0 });
  expect(stage.clock.now() - stoppedAt).toBeLessThan(2_000);

  stage.answer = () => null;
  expect(await stage.run()).toMatchObject({ reason: 'ended', records: 1 });
});

test('of several reported numbers the lowest counts: from it on all is delivered again, before it nothing', async () => {
  const stage = new FollowStage();
  stage.streams.pageSize = 10;
  stage.streams.shard('a', { records: three('7', '8', '9', '10', '11') });
  stage.streams.status = 'DISABLED';
  let failing = true;
  stage.answer = async () => {
    if (!failing) return { batchItemFailures: [] };
    failing = false;
    return { batchItemFailures: [{ itemIdentifier: '10' }, { itemIdentifier: '9' }, { itemIdentifier: '11' }] };
  };
  await stage.run();
  expect(stage.pages.map(({ numbers }) => numbers)).toEqual([
    ['7', '8', '9', '10', '11'],
    ['9', '10', '11'],
  ]);
});

test('a page that the handler throws on is delivered again, later and later, and nothing after it before', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { records: three('1', '2', '3', '4') });
  stage.streams.status = 'DISABLED';
  let failures = 6;
  stage.answer = () => {
    if (failures-- > 0) throw new TailraceError('destination-unavailable', 'Away');
    return null;
  };
  const startedAt = stage.clock.now();
  await stage.run();
  expect([...stage.durable]).toEqual(['1', '2', '3', '4']);
  expect(stage.pages.slice(0, 7).every(({ numbers }) => numbers[0] === '1')).toBe(true);
  expect(stage.clock.now() - startedAt).toBeGreaterThan((200 + 400 + 800 + 1_600 + 3_200 + 6_400) / 2);
});

test.each(['record-foreign', 'stream-view-type', 'destination-missing'] as const)(
  'a handler that halts with %s stops the tail by that name, and records taken before are saved',
  async (kind) => {
    const stage = new FollowStage();
    stage.streams.shard('a', { records: three('1', '2', '3', '4'), open: true });
    stage.answer = ({ numbers }) => {
      if (numbers.includes('4')) throw new TailraceError(kind, 'No');
      return null;
    };
    await expect(stage.run()).rejects.toMatchObject({ kind });
    expect(stage.checkpoint().shards.get('a')?.resume).toEqual({ at: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: '3' });
  },
);

test('one shard whose deliveries fail does not hold up the others', async () => {
  const stage = new FollowStage();
  stage.streams.shard('bad', { records: three('1') });
  for (let index = 0; index < 50; index++)
    stage.streams.shard(`good-${index}`, { records: three(String(100 + index)) });
  stage.answer = ({ shardId }) => {
    if (shardId === 'bad') throw new Error('Unexpected');
    return null;
  };
  const running = stage.start({ concurrency: 1 });
  await stage.clock.until(() => stage.durable.size === 50);
  stage.stop();
  await stage.clock.run(running);
  expect(stage.checkpoint().shards.get('bad')).toMatchObject({ done: false });
});

test('hundreds of open shards get their turn, a few in hand at a time', async () => {
  const stage = new FollowStage();
  for (let index = 0; index < 300; index++) {
    stage.streams.shard(`s${index}`, { records: three(String(1_000 + index)), open: true });
  }
  let inHand = 0;
  let most = 0;
  stage.answer = async () => {
    most = Math.max(most, ++inHand);
    await stage.clock.sleep(5);
    inHand--;
    return { batchItemFailures: [] };
  };
  const running = stage.start();
  await stage.clock.until(() => stage.durable.size === 300);
  for (let index = 0; index < 300; index++) stage.streams.append(`s${index}`, String(2_000 + index), 'k');
  await stage.clock.until(() => stage.durable.size === 600);
  stage.stop();
  await stage.clock.run(running);
  expect(most).toBe(16);
});

test('of 3,000 open shards a few are asked at once, and all of them as often as each other', async () => {
  const stage = new FollowStage();
  for (let index = 0; index < 3_000; index++) {
    stage.streams.shard(`s${index}`, { records: three(String(10_000 + index)), open: true });
  }
  const { streams, clock } = stage;
  let atOnce = 0;
  let most = 0;
  const asked = new Map<string, number>();
  const slow = async <T>(call: () => Promise<T>): Promise<T> => {
    most = Math.max(most, ++atOnce);
    await clock.sleep(20);
    atOnce--;
    return call();
  };
  const client: StreamClient = {
    describe: (arn, signal) => streams.describe(arn, signal),
    iterator: (arn, shardId, start, signal) => slow(() => streams.iterator(arn, shardId, start, signal)),
    records: (iterator, signal) => slow(() => streams.records(iterator, signal)),
  };
  streams.faultOf = (call, shardId) => {
    if (call === 'records' && shardId !== null) asked.set(shardId, (asked.get(shardId) ?? 0) + 1);
    return null;
  };
  const running = stage.start({ client });
  await clock.until(() => stage.durable.size === 3_000);
  const first = [...asked.values()];
  for (let index = 0; index < 3_000; index++) streams.append(`s${index}`, String(20_000 + index), 'k');
  await clock.until(() => stage.durable.size === 6_000);
  const second = [...asked.values()];
  stage.stop();
  await clock.run(running);

  expect(most).toBe(16);
  expect(Math.max(...first) - Math.min(...first)).toBeLessThanOrEqual(1);
  expect(Math.max(...second) - Math.min(...second)).toBeLessThanOrEqual(1);
  expect(Math.max(...second)).toBeLessThanOrEqual(3);
});

test.each([
  { deliveryMs: 150, pauseMs: 200 },
  { deliveryMs: 700, pauseMs: 700 },
])(
  'a shard is asked again $pauseMs ms after it was, when delivering took $deliveryMs of them',
  async ({ deliveryMs, pauseMs }) => {
    const stage = new FollowStage();
    stage.streams.shard('a', { records: three('1', '2', '3', '4', '5', '6'), open: true });
    stage.streams.pageSize = 1;
    const askedAt: number[] = [];
    stage.streams.faultOf = (call) => {
      if (call === 'records') askedAt.push(stage.clock.now());
      return null;
    };
    stage.answer = async () => {
      await stage.clock.sleep(deliveryMs);
      return null;
    };
    const running = stage.start();
    await stage.clock.until(() => stage.durable.size === 6);
    stage.stop();
    await stage.clock.run(running);

    expect(askedAt.slice(1, 6).map((at, index) => at - (askedAt[index] ?? 0))).toEqual(Array(5).fill(pauseMs));
  },
);

test('a clock that is set back while a page is delivered delays no further page', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { records: three('1', '2', '3', '4', '5', '6'), open: true });
  stage.streams.pageSize = 1;
  let setAt: number | null = null;
  stage.answer = () => {
    if (setAt === null) stage.clock.jump(-3 * 60 * 60_000);
    setAt ??= stage.clock.now();
    return null;
  };
  const running = stage.start();
  await stage.clock.until(() => stage.durable.size === 6);
  const spentMs = stage.clock.now() - (setAt ?? 0);
  stage.stop();
  await stage.clock.run(running);

  expect(spentMs).toBeLessThan(10_000);
});

test('records get the ARN of their stream, and the handler its shard and a limit of time', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { records: three('1') });
  stage.streams.status = 'DISABLED';
  let seen: unknown;
  let remaining = 0;
  stage.answer = (_page, event, context) => {
    seen = event;
    remaining = context.getRemainingTimeInMillis?.() ?? 0;
    return null;
  };
  await stage.run();
  expect(seen).toMatchObject({ Records: [{ eventSourceARN: stage.streams.arn }] });
  expect(remaining).toBe(60_000);
});

test('the stream being throttled, away and empty by turns loses nothing', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { records: three('1', '2', '3', '4', '5') });
  stage.streams.status = 'DISABLED';
  stage.streams.failNext('describe', 'throttle', 'throttle');
  stage.streams.failNext('iterator', 'throttle', 'refuse');
  stage.streams.failNext('records', 'empty-page', 'throttle', 'empty-page', 'expire', 'empty-page');
  expect(await stage.run()).toEqual({ reason: 'ended', records: 5, lost: [] });
});

test('an endpoint that is away at the start fails at once; later it is waited for', async () => {
  const stage = new FollowStage();
  stage.streams.failNext('describe', 'refuse');
  await expect(stage.run()).rejects.toMatchObject({ kind: 'source-unavailable' });

  stage.streams.shard('a', { records: three('1') });
  const running = stage.start();
  await stage.clock.until(() => stage.durable.has('1'));
  stage.streams.failNext('describe', 'refuse', 'refuse');
  stage.streams.shard('b', { parent: 'a', records: three('2'), open: true });
  await stage.clock.until(() => stage.durable.has('2'));
  stage.stop();
  expect(await stage.clock.run(running)).toMatchObject({ reason: 'stopped' });
});

test.each(['source-denied', 'stream-missing', 'source-invalid'] as const)(
  'a stream that answers %s stops the tail by that name, at the start and later',
  async (kind) => {
    const stage = new FollowStage();
    stage.streams.failNext('describe', kind);
    await expect(stage.run()).rejects.toMatchObject({ kind });

    stage.streams.shard('a', { open: true });
    const running = stage.start();
    running.catch(() => {});
    await stage.clock.until(() => stage.saved !== null);
    stage.streams.failNext('describe', kind);
    await expect(stage.clock.run(running)).rejects.toMatchObject({ kind });
  },
);

test('a stream that is replaced while its shards go on as if nothing had happened is noticed within ten seconds', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { records: three('1'), open: true });
  const running = stage.start();
  running.catch(() => {});
  await stage.clock.until(() => stage.durable.has('1'));
  const replacedAt = stage.clock.now();
  stage.streams.faultOf = (call) => (call === 'describe' ? 'stream-changed' : null);

  await expect(stage.clock.run(running)).rejects.toMatchObject({ kind: 'stream-changed' });

  expect(stage.clock.now() - replacedAt).toBeLessThanOrEqual(13_000);
});

test.each([
  { shards: 100, perMinute: 6 },
  { shards: 300, perMinute: 2 },
])('a stream of $shards idle shards is described about $perMinute times a minute', async ({ shards, perMinute }) => {
  const stage = new FollowStage();
  for (let index = 0; index < shards; index++) stage.streams.shard(`s${index}`, { open: true });
  const running = stage.start();
  const began = stage.clock.now();
  await stage.clock.until(() => stage.clock.now() - began >= 2 * 60_000);
  stage.stop();
  await stage.clock.run(running);

  const described = stage.streams.calls.filter((call) => call === 'describe').length;
  expect(described).toBeGreaterThanOrEqual(1.5 * perMinute);
  expect(described).toBeLessThanOrEqual(2 * perMinute + 1);
});

test('a parent that does not end below the start of its child stops the tail by name', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { records: three('10') }).shard('b', { parent: 'a', records: three('9') });
  await expect(stage.run()).rejects.toMatchObject({ kind: 'stream-lineage', message: expect.stringContaining('b') });
  expect(stage.pages).toEqual([]);
});

test('records that were trimmed while the tail was away are named once, and reading resumes with the oldest record left', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { records: three('8', '9', '10', '11', '12'), open: true });
  let going = true;
  stage.answer = ({ numbers }) => {
    if (!going || numbers.includes('11')) throw new Error('Away');
    return null;
  };
  const running = stage.start();
  await stage.clock.until(() => stage.pages.length > 1);
  stage.stop();
  await stage.clock.run(running);

  stage.streams.trim('a', '12');
  stage.streams.close('a');
  stage.streams.status = 'DISABLED';
  going = true;
  stage.answer = () => null;
  const result = await stage.run();
  expect(result.lost.map(describeLoss)).toEqual(['shard a after 10 to below 12']);
  expect(stage.durable.has('12')).toBe(true);
  expect(stage.log.lines).toContainEqual({
    level: 'error',
    message: 'records lost',
    fields: { shard_id: 'a', range: 'shard a after 10 to below 12' },
  });

  const again = await stage.run();
  expect(again.lost).toEqual([]);
  expect(stage.checkpoint().lost).toHaveLength(1);
});

test('records that are trimmed while their page waits for the destination are named, even if none was durable', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { records: three('1', '2', '3', '4', '5', '6') });
  stage.streams.status = 'DISABLED';
  let away = true;
  stage.answer = () => {
    if (away) throw new TailraceError('destination-unavailable', 'Away');
    return null;
  };
  const running = stage.start();
  await stage.clock.until(() => stage.pages.length === 3);
  stage.streams.trim('a', '3');
  away = false;
  const result = await stage.clock.run(running);
  expect(result.lost.map(describeLoss)).toEqual(['shard a from 1 to below 3']);
  expect([...stage.durable]).toEqual(['3', '4', '5', '6']);
});

test('a shard that was read in part and is gone is lost from there on, and its children go on', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { records: three('1', '2', '3'), open: true });
  const running = stage.start();
  await stage.clock.until(() => stage.durable.has('3'));
  stage.stop();
  await stage.clock.run(running);

  stage.streams.append('a', '4', 'k');
  stage.streams.drop('a');
  stage.streams.shard('b', { parent: 'a', records: three('5'), open: true });
  const next = stage.start();
  await stage.clock.until(() => stage.durable.has('5'));
  stage.stop();
  const result = await stage.clock.run(next);
  expect(result.lost.map(describeLoss)).toEqual(['shard a after 3 to its end']);
});

test('a shard that is gone but still listed when a tail begins was never promised', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { records: three('1') }).shard('b', { parent: 'a', records: three('2') });
  stage.streams.drop('a', { listed: true });
  stage.streams.status = 'DISABLED';
  expect(await stage.run()).toEqual({ reason: 'ended', records: 1, lost: [] });
});

test('a new shard that is missing for a moment is not given up', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { records: three('1') }).shard('b', { parent: 'a', records: three('2') });
  stage.streams.status = 'DISABLED';
  const first = stage.start();
  await stage.clock.until(() => stage.durable.has('1'));
  stage.streams.failNext('iterator', 'stream-missing', 'stream-missing', 'stream-missing');
  expect(await stage.clock.run(first)).toEqual({ reason: 'ended', records: 2, lost: [] });
});

test('a shard is not believed gone while the stream itself can not be described', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { records: three('1'), open: true });
  const running = stage.start();
  running.catch(() => {});
  await stage.clock.until(() => stage.durable.has('1'));
  stage.streams.faultOf = (call) => (call === 'describe' ? 'refuse' : 'stream-missing');
  const awayAt = stage.clock.now();
  await stage.clock.until(() => stage.clock.now() > awayAt + 30_000);
  stage.streams.faultOf = () => 'stream-missing';
  await expect(stage.clock.run(running)).rejects.toMatchObject({ kind: 'stream-missing' });
  expect(stage.checkpoint().lost).toEqual([]);
  expect(stage.checkpoint().shards.get('a')).toMatchObject({ done: false });
});

test('a thousand shards that are gone at once ask for a few descriptions, not for a thousand', async () => {
  const stage = new FollowStage();
  for (let index = 0; index < 1_000; index++) {
    stage.streams.shard(`s${index}`);
    stage.streams.drop(`s${index}`, { listed: true });
  }
  stage.streams.status = 'DISABLED';
  stage.streams.step = () => stage.clock.sleep(1);
  await stage.run();
  expect(stage.streams.calls.filter((call) => call === 'describe').length).toBeLessThan(150);
});

test('shards that came and went while the tail was away are named', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { records: three('1') });
  const running = stage.start();
  await stage.clock.until(() => stage.checkpoint().shards.get('a')?.done === true);
  stage.stop();
  await stage.clock.run(running);

  // b, the child of a, lived and died unseen.
  stage.streams.drop('a');
  stage.streams.shard('c', { parent: 'b', records: three('3'), open: true });
  stage.clock.jump(30 * HOUR);
  const next = stage.start();
  await stage.clock.until(() => stage.durable.has('3'));
  stage.stop();
  const result = await stage.clock.run(next);
  expect(result.lost.map(describeLoss)).toEqual([
    'shard b from its beginning to its end',
    'shard a after 1 to its end',
    'shard c from its beginning to below 3',
  ]);
});

test('a shard begun a day after it may have been born is not believed whole', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { records: three('1'), open: true });
  const running = stage.start();
  await stage.clock.until(() => stage.durable.has('1'));
  stage.stop();
  await stage.clock.run(running);

  stage.streams.close('a');
  stage.streams.shard('b', { parent: 'a', records: three('2', '3') });
  stage.streams.trim('b', '3');
  stage.streams.status = 'DISABLED';
  stage.clock.jump(25 * HOUR);
  const result = await stage.run();
  expect(result.lost.map(describeLoss)).toEqual(['shard b from its beginning to below 3']);
});

test('an idle tail is not taken for one that was away', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { open: true });
  const running = stage.start();
  await stage.clock.until(() => stage.saved !== null);
  const startedAt = stage.clock.now();
  await stage.clock.until(() => stage.clock.now() > startedAt + 26 * HOUR);
  stage.streams.shard('b', { parent: 'a', records: three('2'), open: true });
  stage.streams.close('a');
  await stage.clock.until(() => stage.durable.has('2'));
  stage.stop();
  expect((await stage.clock.run(running)).lost).toEqual([]);
});

test('shards that the stream no longer lists are forgotten once a child carries on', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { records: three('1') }).shard('b', { parent: 'a', records: three('2'), open: true });
  const running = stage.start();
  await stage.clock.until(() => stage.durable.has('2'));
  stage.streams.drop('a');
  await stage.clock.until(() => !stage.checkpoint().shards.has('a'));
  stage.stop();
  const result = await stage.clock.run(running);
  expect(result.lost).toEqual([]);
  expect([...stage.checkpoint().shards.keys()]).toEqual(['b']);
});

test('the checkpoint is saved a few times a second at most, and every ten seconds when nothing happens', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { open: true });
  let saves = 0;
  stage.onSave = () => {
    saves++;
  };
  const running = stage.start();
  for (let number = 1; number <= 100; number++) {
    stage.streams.append('a', String(number), 'k');
    await stage.clock.until(() => stage.durable.has(String(number)));
  }
  const busy = saves;
  const seconds = (stage.clock.now() - Date.UTC(2026, 0, 2)) / 1_000;
  expect(busy).toBeLessThanOrEqual(2 * seconds + 1);
  const idleFrom = stage.clock.now();
  await stage.clock.until(() => stage.clock.now() > idleFrom + 10 * 60_000);
  expect(saves - busy).toBeLessThanOrEqual(61);
  stage.stop();
  await stage.clock.run(running);
});

test('a checkpoint that can not be saved stops the tail', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { records: three('1'), open: true });
  stage.onSave = () => {
    throw new TailraceError('state-invalid', 'Disk full');
  };
  await expect(stage.run()).rejects.toMatchObject({ kind: 'state-invalid' });
});

test('progress reports records taken, the age of the last record while behind, and the state of the shards', async () => {
  const stage = new FollowStage();
  stage.streams.pageSize = 1;
  stage.streams.shard('a', { records: three('1', '2'), open: true }).shard('b', { parent: 'a', records: three('9') });
  stage.clock.jump(4_000);
  const seen: unknown[] = [];
  const running = stage.start({ onProgress: (progress) => seen.push(progress) });
  await stage.clock.until(() => stage.durable.has('2'));
  await stage.clock.until(() => stage.streams.calls.length > 8);
  stage.stop();
  await stage.clock.run(running);
  expect(seen[0]).toEqual({ records: 1, lagMs: 4_000, shards: { reading: 1, waiting: 1, done: 0 }, lost: 0 });
  expect(seen.at(-1)).toEqual({ records: 2, lagMs: 0, shards: { reading: 0, waiting: 2, done: 0 }, lost: 0 });
});

test('a signal that has come already stops before the first call', async () => {
  const stage = new FollowStage();
  const result = await stage.run({ signal: AbortSignal.abort() });
  expect(result).toEqual({ reason: 'stopped', records: 0, lost: [] });
  expect(stage.streams.calls).toEqual([]);
});

test('a tail that is stopped before it has seen the stream saves no checkpoint, and the next one resumes nothing', async () => {
  const stage = new FollowStage();
  stage.streams.shard('a', { records: three('1') });
  stage.streams.faultOf = () => {
    stage.stop();
    return 'throttle';
  };
  expect(await stage.run()).toEqual({ reason: 'stopped', records: 0, lost: [] });
  expect(stage.saved).toBeNull();
});

function inShard(stage: FollowStage, shardId: string | null, number: string): boolean {
  return (
    stage.streams.shards.get(shardId ?? '')?.records.some(({ sequenceNumber }) => sequenceNumber === number) ?? false
  );
}
