import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateTableCommand, DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import type { KeyedTable } from '../model/keyed-table.ts';
import { type TimedEnd, type TimedStage, timedStage } from '../support/stages/timed-stage.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** As long as the table is written to: more than a stream keeps. */
const WRITTEN_MS = 30 * HOUR;

const ITEMS = 31;

/**
 * What was measured of a server much like AWS under a faster clock: shards roll, closed ones stay listed beyond their
 * records, numbers of 21 digits begin with zeros, removals by time to live name who removes, times are cut.
 */
test.each([
  ['the second, as on AWS', 1_000],
  ['the minute', MINUTE],
])('a day and more of a stream that rolls, closes, trims and expires, its times cut to %s', async (_name, grainMs) => {
  const stage = await timedStage({
    shardCount: 2,
    streams: { digits: 21, lingerMs: 24 * HOUR },
    pageShards: 16,
    pageRecords: 7,
    grainMs,
    idleAnswerMs: 5 * MINUTE,
  });
  await stage.clock.run(liveThrough(stage));
});

async function liveThrough(stage: TimedStage): Promise<void> {
  const { clock, server, client, folder, start, tailrace } = stage;
  const table = await createTable(stage);
  await loadCommands(stage);
  const writing = write(stage, table);
  const rolling = roll(stage, table);
  let isWriting = true;
  void writing.then(() => {
    isWriting = false;
  });
  const followFor = async (ms: number, into: string) => {
    const run = start(into, 'tail', 'orders', '--json');
    await until(clock, () => run.stdout !== '');
    await clock.sleep(ms);
    return run.stop();
  };

  const fallenAsleep = followFor(20 * MINUTE, 'slept');
  const ends: TimedEnd[] = [];
  for (let round = 0; isWriting; round++) {
    ends.push(await followFor((5 + (round % 3) * 10) * MINUTE, 'followed'));
    // Longer than an iterator lives; shards may roll meanwhile.
    await clock.sleep((1 + (round % 4)) * HOUR);
    if (round === 2) expect(await tailrace('filled', 'backfill', 'orders', '--json')).toMatchObject({ code: 0 });
  }
  await Promise.all([writing, rolling]);
  ends.push(await followFor(10 * MINUTE, 'followed'));

  expect(ends.map(({ code }) => code)).toEqual(ends.map(() => 0));
  expect(ends.map((end) => last(end)['lost'])).toEqual(ends.map(() => []));
  expect(table.streams[0]?.shards.length).toBeGreaterThan(10);
  await expectWhole('followed', stage);

  // The shard that it had begun a day before is gone: the tail reports it, and reads the others.
  expect(last(await fallenAsleep)['records']).toBeGreaterThan(0);
  const woken = await followFor(10 * MINUTE, 'slept');
  expect(woken.code).toBe(0);
  expect(last(woken)['lost']).not.toEqual([]);
  expect(await tailrace('slept', 'verify', 'orders')).toMatchObject({ code: 0 });

  // The snapshot of half a day ago, and what the stream still holds since.
  expect(await tailrace('filled', 'replay', 'orders', '--stream')).toMatchObject({ code: 0 });
  await expectWhole('filled', stage);

  // A replay that is stopped again and again, and gone on with.
  const replays: TimedEnd[] = [];
  do {
    const run = start('replayed', 'replay', 'orders', '--stream', '--json');
    const stopAt = pagesOf(server) + 3 * (replays.length + 1);
    let isEnded = false;
    const ended = run.ended.finally(() => {
      isEnded = true;
    });
    await until(clock, () => isEnded || pagesOf(server) >= stopAt);
    run.stop();
    replays.push(await ended);
  } while (replays.at(-1)?.code === 2);
  expect(replays.length).toBeGreaterThan(2);
  expect(last(replays.at(-1))).toMatchObject({ lost: 0 });
  await expectWhole('replayed', stage);

  // The batch that a failure record of the first hour names, in a shard that is listed and gone.
  const record = failureRecord(table);
  await writeFile(join(folder, 'failure.json'), JSON.stringify(record));
  const late = await tailrace('replayed', 'replay', 'orders', '--file', join(folder, 'failure.json'), '--json');
  expect(late).toMatchObject({ code: 1 });
  expect(last(late)).toMatchObject({ lost: 1, records: 0 });
  client.destroy();
}

/**
 * Has every command load its modules before anything is at stake: time passes meanwhile, for as long as a busy machine
 * takes.
 */
async function loadCommands({ clock, start, tailrace }: TimedStage): Promise<void> {
  for (const command of [['backfill'], ['verify'], ['gaps'], ['replay', '--stream']]) {
    const [name = '', ...options] = command;
    expect(await tailrace('loaded', name, 'orders', ...options)).toMatchObject({ code: 0 });
  }
  const run = start('loaded', 'tail', 'orders', '--json');
  await until(clock, () => run.stdout !== '');
  expect(await run.stop()).toMatchObject({ code: 0 });
}

/** The destination has exactly what the table and its stream have, by the commands' own word and by the model. */
async function expectWhole(into: string, { tailrace }: TimedStage): Promise<void> {
  expect(await tailrace(into, 'verify', 'orders', '--json')).toMatchObject({ code: 0 });
  const gaps = await tailrace(into, 'gaps', 'orders', '--json');
  expect([gaps.code, gaps.stderr]).toEqual([0, '']);
  expect(last(gaps)).toMatchObject({ missing: 0, in_flight: 0, lost: 0 });
}

async function createTable({ server, client }: TimedStage): Promise<KeyedTable> {
  await client.send(
    new CreateTableCommand({
      TableName: 'orders',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  return server.dynamodb.table('orders');
}

/** Three changes every nine minutes of thirty-one items: one in five a removal, by time to live or not; some that change nothing. */
async function write({ clock, client }: TimedStage, table: KeyedTable): Promise<void> {
  const until = clock.now() + WRITTEN_MS;
  const TableName = table.name;
  for (let change = 0; clock.now() < until; change++) {
    const id = { S: `order-${(change * 7) % ITEMS}` };
    const Item = { id, change: { N: String(change) }, nested: { M: { n: { N: '1.50' } } } };
    if (change % 10 === 4) table.remove({ id }, { expired: true });
    else if (change % 10 === 9) await client.send(new DeleteItemCommand({ TableName, Key: { id } }));
    else await client.send(new PutItemCommand({ TableName, Item }));
    if (change % 10 === 5) await client.send(new PutItemCommand({ TableName, Item }));
    if (change % 3 === 0) await clock.sleep(9 * MINUTE);
  }
}

/** Every four hours each open shard is closed; now and then two others follow it. */
async function roll({ clock }: TimedStage, table: KeyedTable): Promise<void> {
  const until = clock.now() + WRITTEN_MS;
  for (let round = 0; clock.now() < until; round++) {
    await clock.sleep(4 * HOUR);
    const open = table.stream?.shards.filter(({ closedAt }) => closedAt === null).length ?? 0;
    // A closed one is no longer among the open: its followers come last.
    for (let index = 0; index < open; index++) table.stream?.divide(0, round === 2 && index === 0 ? 2 : 1, clock.now());
    table.ring();
  }
}

function pagesOf({ requests }: TimedStage['server']): number {
  return requests.filter((operation) => operation === 'GetRecords').length;
}

async function until(clock: TimedStage['clock'], condition: () => boolean): Promise<void> {
  while (!condition()) await clock.sleep(100);
}

/** The last line that a command wrote for a script. */
function last(end: TimedEnd | undefined): Readonly<Record<string, unknown>> {
  return JSON.parse(end?.stdout.trimEnd().split('\n').at(-1) || '{}');
}

/** As Lambda leaves it without a payload: a range of a shard of the stream. */
function failureRecord(table: KeyedTable) {
  const [stream] = table.streams;
  const [shard] = stream?.shards ?? [];
  const number = shard?.records[0]?.number;
  const at = new Date(shard?.records[0]?.availableAt ?? 0).toISOString();
  return {
    requestContext: {
      requestId: 'f1a2b3c4',
      functionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:shop-orders',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 3,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: at,
    DDBStreamBatchInfo: {
      shardId: shard?.id,
      startSequenceNumber: number,
      endSequenceNumber: number,
      approximateArrivalOfFirstRecord: at,
      approximateArrivalOfLastRecord: at,
      batchSize: 1,
      streamArn: stream?.arn,
    },
  };
}
