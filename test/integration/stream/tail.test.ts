import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { createStreamHandler } from '../../../src/delivery/stream-handler.ts';
import { streamArn } from '../../../src/order/stream-arn.ts';
import { systemRandom } from '../../../src/random.ts';
import { AwsStreamClient } from '../../../src/stream/aws-stream-client.ts';
import { loadCheckpoint, saveCheckpoint } from '../../../src/stream/checkpoint-file.ts';
import { followStream } from '../../../src/stream/follow.ts';
import { MemoryChangelog } from '../../support/memory/changelog.ts';
import { MemoryDeadLetters } from '../../support/memory/dead-letters.ts';
import { RecordingLog } from '../../support/memory/recording-log.ts';
import { type Dynoxide, startDynoxide, type TestTable } from '../../support/stream/dynoxide.ts';

let server: Dynoxide;
let streams: DynamoDBStreamsClient;
let folder: string;
beforeAll(async () => {
  server = await startDynoxide();
  folder = await mkdtemp(join(tmpdir(), 'tailrace-'));
  streams = new DynamoDBStreamsClient({
    endpoint: server.endpointUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});
afterAll(async () => {
  streams.destroy();
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

test('a tail of a real server reads everything once over a restart, fresh and stopped within two seconds', async () => {
  const table = await server.createTable();
  const changelog = new MemoryChangelog();
  for (let index = 0; index < 1_500; index += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, offset) => put(table, `item-${index + offset}`)));
  }

  const first = startTail(table, changelog);
  await until(() => changelog.rows.length === 1_500);
  const writtenAt = Date.now();
  await put(table, 'fresh');
  await until(() => changelog.rows.length === 1_501);
  expect(Date.now() - writtenAt).toBeLessThan(2_000);
  const stoppedAt = Date.now();
  expect(await first.stop()).toMatchObject({ reason: 'stopped', records: 1_501, lost: [] });
  expect(Date.now() - stoppedAt).toBeLessThan(2_000);

  await put(table, 'while-away');
  const second = startTail(table, changelog);
  await until(() => changelog.rows.length >= 1_502);
  expect(await second.stop()).toMatchObject({ records: 1 });
  expect(new Set(changelog.rows.map(({ key }) => key)).size).toBe(1_502);
  expect(changelog.rows).toHaveLength(1_502);
});

test('a tail waits for a destination that is away and loses nothing', async () => {
  const table = await server.createTable();
  const changelog = new MemoryChangelog({ faults: ['refuse', 'lose-response', 'refuse'] });
  await put(table, 'a');
  const tail = startTail(table, changelog);
  await until(() => changelog.rows.length === 2);
  await tail.stop();
  expect(changelog.rows.map(({ key }) => key)).toEqual(['["a"]', '["a"]']);
  expect(tail.log.lines.filter(({ message }) => message === 'page not taken, retrying')).toHaveLength(3);
});

function put(table: TestTable, id: string) {
  return server.client.send(new PutItemCommand({ TableName: table.name, Item: { pk: { S: id } } }));
}

function startTail(table: TestTable, changelog: MemoryChangelog) {
  const stopping = new AbortController();
  const log = new RecordingLog();
  const path = join(folder, `${table.name}.json`);
  const running = (async () => {
    const { checkpoint } = await loadCheckpoint(path, streamArn(table.streamArn ?? ''), 'memory');
    return followStream({
      client: new AwsStreamClient(streams),
      checkpoint,
      save: (current) => saveCheckpoint(path, current),
      handler: createStreamHandler({
        source: { name: table.name, arn: streamArn(table.streamArn ?? '').tableArn, tableId: null },
        destination: changelog,
        deadLetters: new MemoryDeadLetters(),
        origin: 'tail',
      }),
      clock: systemClock,
      random: systemRandom,
      log,
      signal: stopping.signal,
    });
  })();
  running.catch(() => {});
  return {
    log,
    stop() {
      stopping.abort();
      return running;
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('It never came true');
    await sleep(5);
  }
}
