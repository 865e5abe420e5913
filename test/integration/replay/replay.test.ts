import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createWorkplace, type Ended, type Workplace } from '../../support/process/tailrace-process.ts';
import { type Dynoxide, startDynoxide, type TestTable } from '../../support/stream/dynoxide.ts';
import { failureRecord, snsEnvelope } from '../../support/stream/failure-record.ts';
import { type Fauxqs, startFauxqs } from '../../support/stream/fauxqs.ts';

/** Stands in every item, and must stand in no diagnostic. */
const PLANTED = 'planted-value';
const ITEMS = 40;

let server: Dynoxide;
let places: Fauxqs;
let streams: DynamoDBStreamsClient;
let workplace: Workplace;
let table: TestTable;
let names = 0;
beforeAll(async () => {
  [server, places] = await Promise.all([startDynoxide(), startFauxqs()]);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  streams = new DynamoDBStreamsClient({ endpoint: server.endpointUrl, region: 'us-east-1', credentials });
});
// Each test runs several processes.
vi.setConfig({ testTimeout: 90_000 });
beforeEach(async () => {
  await workplace?.[Symbol.asyncDispose]();
  workplace = await createWorkplace({ inProcess: true });
  table = await server.createTable({ prefix: 'shop' });
  for (let index = 0; index < ITEMS; index++) await put(`item-${index}`, String(index));
  for (let index = 0; index < ITEMS; index += 4) await put(`item-${index}`, '7.50');
  await server.client.send(new DeleteItemCommand({ TableName: table.name, Key: { pk: { S: 'item-1' } } }));
});
afterAll(async () => {
  streams.destroy();
  await workplace?.[Symbol.asyncDispose]();
  await Promise.all([server[Symbol.asyncDispose](), places[Symbol.asyncDispose]()]);
});

const RECORDS = ITEMS + ITEMS / 4 + 1;

function put(id: string, price: string) {
  const Item = { pk: { S: id }, price: { N: price }, note: { S: PLANTED } };
  return server.client.send(new PutItemCommand({ TableName: table.name, Item }));
}

async function tailrace(...args: readonly string[]): Promise<Ended> {
  const ended = await workplace.tailrace(
    [...args, '--destination', 'duckdb:shop.duckdb', '--endpoint-url', server.endpointUrl],
    { env: places.env },
  );
  expect(ended.stderr).not.toContain(PLANTED);
  return ended;
}

/** The objects that a command printed, which are as docs/cli.md shows them. */
async function json(command: string, ...args: readonly string[]) {
  const ended = await tailrace(command, table.name, ...args, '--json');
  const objects = ended.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Record<string, unknown> => JSON.parse(line));
  const page = await readFile(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
  const [, section = ''] = page.split(`\n### ${command}\n`);
  const shown = [...(section.split('\n### ')[0] ?? '').matchAll(/^\{.*\}$/gm)].map(([line]) =>
    namesIn(JSON.parse(line)),
  );
  for (const object of objects) expect(shown).toContainEqual(namesIn(object));
  return { code: ended.code, objects, summary: objects.at(-1) ?? {}, stderr: ended.stderr };
}

const namesIn = (object: object) => Object.keys(object).join();

/** Runs statements on the DuckDB file as somebody else would. */
async function tamper(...statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(join(workplace.directory, 'shop.duckdb'));
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}

const changelog = () => `"${table.name.replaceAll('-', '_')}_changelog"`;
const verified = async () => (await tailrace('verify', table.name, '--max-lag', '1')).code;

/** The table's only shard, and its records as GetRecords gives them. */
async function shard() {
  const StreamArn = table.streamArn ?? '';
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const ShardId = StreamDescription?.Shards?.[0]?.ShardId ?? '';
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const { Records = [] } = await streams.send(new GetRecordsCommand({ ShardIterator }));
  return { id: ShardId, records: Records, numbers: Records.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? '') };
}

describe('replay', () => {
  test('of the whole stream brings everything in, twice as well as once', async () => {
    expect(await json('replay', '--stream', '--dry-run')).toMatchObject({
      code: 0,
      summary: { records: RECORDS, dry_run: true },
    });
    expect(await workplace.files()).not.toContain('shop.duckdb');

    expect(await json('replay', '--stream')).toMatchObject({
      code: 0,
      summary: { from: 'stream', records: RECORDS, lost: 0 },
    });
    expect(await verified()).toBe(0);
    expect(await json('replay', '--stream')).toMatchObject({ code: 0, summary: { records: RECORDS } });
    expect(await verified()).toBe(0);
    expect(await json('gaps', '--max-lag', '0')).toMatchObject({ code: 0, summary: { streamed: RECORDS, missing: 0 } });
  });

  test('of a range of a shard brings in its first, its last and what is between', async () => {
    const { id, numbers } = await shard();

    const range = await json('replay', '--shard', id, '--from', numbers[3] ?? '', '--to', numbers[7] ?? '');
    expect(range).toMatchObject({ code: 0, summary: { from: 'shard', records: 5 } });
    const rest = await json('replay', '--shard', id);
    expect(rest).toMatchObject({ code: 0, summary: { records: RECORDS } });

    expect(await verified()).toBe(0);
  });

  test.each([
    ['a shard that is another stream’s', ['--shard', 'shardId-00000000000000000099-abcdef'], /has no shard/],
    ['a bucket that is not there', ['--s3', 's3://no-such-bucket/x'], /Bucket no-such-bucket doesn't exist/],
    [
      "another table's stream",
      ['--stream', '--stream-arn', 'arn:aws:dynamodb:dynoxide:000000000000:table/other/stream/x'],
      /is of arn:aws:dynamodb:dynoxide:000000000000:table\/other/,
    ],
  ])('of %s is refused by name before anything is made', async (_, args, message) => {
    const { code, stderr } = await tailrace('replay', table.name, ...args);

    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(stderr).toMatch(/^tailrace: [^\n]+\n$/);
    expect(await workplace.files()).toEqual([]);
  });

  test("of Lambda's failure objects takes the payload where there is one, and the range where there is none", async () => {
    const { id, records, numbers } = await shard();
    const bucket = `failures-${++names}`;
    places.createBucket(bucket);
    const [first = '', second = ''] = numbers;
    const streamArn = table.streamArn ?? '';
    const event = (from: number, to?: number) => ({
      Records: records.slice(from, to).map((record) => ({ ...record, eventSourceARN: streamArn })),
    });
    const at = { streamArn, shardId: id };
    const key = (name: string) => `aws/lambda/0b1f/${id}/2026/01/02/${name}`;
    await places.put(bucket, key('range'), failureRecord({ ...at, from: first, to: second, batchSize: 2 }));
    await places.put(bucket, key('payload'), failureRecord({ ...at, shardId: 'shard-gone', payload: event(2) }));
    await places.put(bucket, key('truncated'), failureRecord({ ...at, payload: '{"Records":[' }));
    await places.put(bucket, key('other-table'), failureRecord({ streamArn: `${table.arn}2/stream/x` }));
    await places.put(bucket, key('note'), `a note about ${PLANTED}`);
    await places.put(bucket, 'elsewhere', 'x');

    const replayed = await json('replay', '--s3', `s3://${bucket}/aws/lambda/`);

    expect(replayed).toMatchObject({ code: 1, summary: { from: 's3', records: RECORDS, refused: 3, lost: 0 } });
    const refused = replayed.objects.filter((object) => typeof object['refused'] === 'string');
    expect(refused.map(({ refused, error }) => [refused, error])).toEqual([
      [`s3://${bucket}/${key('note')}`, 'event-invalid'],
      [`s3://${bucket}/${key('other-table')}`, 'record-foreign'],
      [`s3://${bucket}/${key('truncated')}`, 'event-invalid'],
    ]);
    expect(await verified()).toBe(0);
  });

  test('of a queue reads the ranges again and deletes a message once its records are durable', async () => {
    const { id, numbers } = await shard();
    const queue = await places.createQueue(`failures-${++names}`);
    const range = (from: number, to: number, batchSize = to - from + 1) =>
      failureRecord({ streamArn: table.streamArn ?? '', shardId: id, from: numbers[from], to: numbers[to], batchSize });
    await places.send(queue, range(0, 9));
    await places.send(queue, snsEnvelope(range(10, 19)));
    await places.publish(queue, range(20, RECORDS - 1));

    expect(await json('replay', '--queue', queue, '--dry-run')).toMatchObject({
      code: 0,
      summary: { records: RECORDS },
    });
    expect(await places.countMessages(queue)).toBe(3);
    expect(await workplace.files()).not.toContain('shop.duckdb');

    expect(await json('replay', '--queue', queue)).toMatchObject({
      code: 0,
      summary: { from: 'queue', records: RECORDS },
    });
    expect(await places.countMessages(queue)).toBe(0);
    expect(await verified()).toBe(0);
  });

  test('of a queue leaves what is lost, foreign or something else where it was', async () => {
    const { id, numbers } = await shard();
    const queue = await places.createQueue(`failures-${++names}`);
    const at = { streamArn: table.streamArn ?? '', shardId: id };
    await places.send(queue, failureRecord({ ...at, from: numbers[0] }));
    await places.send(queue, failureRecord({ ...at, from: numbers[1], to: numbers[2], batchSize: 9 }));
    await places.send(queue, failureRecord({ streamArn: `${table.arn}2/stream/x` }));
    await places.send(queue, { hello: PLANTED });

    const replayed = await json('replay', '--queue', queue);

    expect(replayed).toMatchObject({ code: 1, summary: { records: 3, lost: 1, refused: 2 } });
    expect(replayed.objects).toContainEqual({
      lost: `shard ${id} from ${numbers[1]} to ${numbers[2]}, 7 records`,
      records: 7,
    });
    expect(await places.countVisible(queue)).toBe(3);
  });

  test('of a queue deletes nothing while the destination takes nothing', async () => {
    const { id, numbers } = await shard();
    const queue = await places.createQueue(`failures-${++names}`);
    await places.send(queue, failureRecord({ streamArn: table.streamArn ?? '', shardId: id, from: numbers[0] }));
    await writeFile(join(workplace.directory, 'shop.duckdb'), 'this is no database');

    const { code } = await tailrace('replay', table.name, '--queue', queue);

    expect(code).toBe(2);
    expect(await places.countVisible(queue)).toBe(1);
  });

  test('of a directory takes every shape in it, dead letters among them', async () => {
    const { id, records, numbers } = await shard();
    const streamArn = table.streamArn ?? '';
    const all = records.map((record) => ({ ...record, eventSourceARN: streamArn }));
    const write = (name: string, content: unknown) =>
      writeFile(join(workplace.directory, name), JSON.stringify(content));
    await write('a.json', { Records: all.slice(0, 10) });
    await write(
      'b.json',
      failureRecord({ streamArn, shardId: id, from: numbers[10], to: numbers.at(-1), batchSize: RECORDS - 10 }),
    );
    const letter = { version: 1, kind: 'row-rejected', reason: 'mended', rules: null, record: all[0] };
    await write('c.json', letter);

    const replayed = await json('replay', '--file', '.');

    expect(replayed).toMatchObject({ code: 0, summary: { from: 'file', records: RECORDS + 1, refused: 0 } });
    expect(await verified()).toBe(0);
  });
});

describe('gaps', () => {
  test('finds the rows that were lost, fills them, and then there are none', async () => {
    await tailrace('replay', table.name, '--stream');
    const { id, numbers } = await shard();
    const lost = [numbers[5], numbers[6], numbers[7], numbers[30]].map((number) => `'${number}'`);
    await tamper(`DELETE FROM ${changelog()} WHERE sequence_number IN (${lost.join()})`);
    expect(await verified()).toBe(1);

    const found = await json('gaps', '--max-lag', '0');
    expect(found.code).toBe(1);
    expect(found.objects).toEqual([
      { status: 'missing', shard_id: id, from: numbers[5], to: numbers[7], records: 3 },
      { status: 'missing', shard_id: id, from: numbers[30], to: numbers[30], records: 1 },
      { table: table.name, streamed: RECORDS, missing: 4, parked: 0, in_flight: 0, filled: 0, set_aside: 0, lost: 0 },
    ]);

    expect(await json('gaps', '--max-lag', '0', '--fill')).toMatchObject({
      code: 1,
      summary: { missing: 4, filled: 4 },
    });
    expect(await json('gaps', '--max-lag', '0')).toMatchObject({ code: 0, summary: { missing: 0 } });
    expect(await verified()).toBe(0);
  });

  test('does not call missing what is young or among the dead letters', async () => {
    await tailrace('replay', table.name, '--stream');
    const { records, numbers } = await shard();
    const broken = { ...records[4], eventSourceARN: table.streamArn, eventName: 'FOOBAR' };
    await writeFile(join(workplace.directory, 'event.json'), JSON.stringify({ Records: [broken] }));
    await tailrace('replay', table.name, '--file', 'event.json');
    await tamper(`DELETE FROM ${changelog()} WHERE sequence_number IN ('${numbers[4]}', '${numbers[9]}')`);

    expect(await json('gaps', '--max-lag', '3600')).toMatchObject({
      code: 0,
      summary: { missing: 0, in_flight: 1, parked: 1 },
    });
    expect(await json('gaps', '--max-lag', '0')).toMatchObject({
      code: 1,
      summary: { missing: 1, in_flight: 0, parked: 1 },
    });
  });

  test('of a table that is not in the destination is refused', async () => {
    await tailrace('setup', (await server.createTable({ prefix: 'other' })).name);

    const { code, stderr } = await tailrace('gaps', table.name);

    expect([code, stderr]).toEqual([2, expect.stringMatching(/^tailrace: [^\n]+\n$/)]);
  });
});
