import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, onTestFinished, test } from 'vitest';
import { TailraceError } from '../../../src/errors.ts';
import { AwsTableReader } from '../../../src/source/aws-table-reader.ts';
import { batchGet } from '../../../src/source/batch-get.ts';
import { hurriedClock } from '../../support/clock/simple-clocks.ts';
import { type ScriptedAnswer, startScriptedHttp } from '../../support/http/scripted-http.ts';
import { kind } from '../../support/vitest/kind.ts';

const RETRY = { retries: 3, firstMs: 1, maxMs: 2 };

async function scripted(answers: readonly ScriptedAnswer[]) {
  const server = await startScriptedHttp(answers);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return { server, reader: await readerAt(server.endpointUrl) };
}

async function readerAt(endpointUrl: string, retry = RETRY) {
  // Without the SDK's own attempts, whose waits can't be shortened.
  const client = new DynamoDBClient({
    endpoint: endpointUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  onTestFinished(() => client.destroy());
  return new AwsTableReader(client, endpointUrl, { retry, clock: hurriedClock(0) });
}

const SCAN = { table: 'orders', segment: 1, totalSegments: 4, startKey: { id: { B: 'AAEC' } } };

function failure(name: string, status = 400): ScriptedAnswer {
  return { status, body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'the value is "secret"' } };
}

test('a scan sends its request as given, and gives the answer as it came', async () => {
  const item = { id: { B: 'AAEC' }, n: { N: '1.50' } };
  const { server, reader } = await scripted([
    { body: { Items: [item], LastEvaluatedKey: { id: { B: 'AAEC' } }, ConsumedCapacity: { CapacityUnits: 1.5 } } },
  ]);

  const page = await reader.scan(SCAN);

  expect({ ...page, items: [...page.items] }).toEqual({
    items: [item],
    lastKey: { id: { B: 'AAEC' } },
    consumedUnits: 1.5,
  });
  expect(server.requests).toEqual([
    {
      operation: 'Scan',
      body: {
        TableName: 'orders',
        Segment: 1,
        TotalSegments: 4,
        ReturnConsumedCapacity: 'TOTAL',
        ExclusiveStartKey: { id: { B: 'AAEC' } },
      },
    },
  ]);
});

test('one segment of one is asked for as the whole table: a server may know no segments', async () => {
  const { server, reader } = await scripted([{ body: { Items: [] } }]);

  await reader.scan({ ...SCAN, segment: 0, totalSegments: 1, startKey: null });

  expect(server.requests[0]?.body).toEqual({ TableName: 'orders', ReturnConsumedCapacity: 'TOTAL' });
});

test('throttling is sat out', async () => {
  const throttled = Array.from({ length: 3 }, () => failure('ProvisionedThroughputExceededException'));
  const { server, reader } = await scripted([...throttled, { body: { Items: [] } }]);

  const { items, ...rest } = await reader.scan(SCAN);
  expect([...items]).toEqual([]);
  expect(rest).toEqual({ lastKey: null, consumedUnits: 0 });
  expect(server.requests).toHaveLength(4);
});

test('a server that fails for a moment does not end a scan', async () => {
  const { reader } = await scripted([
    ...Array.from({ length: 3 }, () => failure('InternalServerError', 500)),
    { body: { Items: [] } },
  ]);

  expect([...(await reader.scan(SCAN)).items]).toEqual([]);
});

test('each attempt but the first is reported, with the outcome of the one before', async () => {
  const { reader } = await scripted([
    failure('ProvisionedThroughputExceededException'),
    failure('InternalServerError', 500),
    { body: { Items: [] } },
  ]);
  const failed: string[] = [];

  await reader.scan({ ...SCAN, onRetry: async (how) => void failed.push(how) });

  expect(failed).toEqual(['throttled', 'unanswered']);
});

test('an attempt that may not be made any more is none', async () => {
  const { server, reader } = await scripted([failure('InternalServerError', 500)]);
  const stop = new TailraceError('read-cap-reached', 'Enough');

  await expect(reader.scan({ ...SCAN, onRetry: () => Promise.reject(stop) })).rejects.toBe(stop);

  expect(server.requests).toHaveLength(1);
});

test('throttling that never ends is named', async () => {
  const { reader } = await scripted(Array.from({ length: 40 }, () => failure('ThrottlingException')));

  await expect(reader.scan(SCAN)).rejects.toMatchObject(kind('source-throttled'));
});

test('keys that a batch did not get to are asked for again', async () => {
  const keys = [{ id: { S: 'a' } }, { id: { S: 'b' } }];
  const { server, reader } = await scripted([
    { body: { Responses: { orders: [keys[1]] }, UnprocessedKeys: { orders: { Keys: [keys[0]] } } } },
    { body: { Responses: { orders: [] }, UnprocessedKeys: { orders: { Keys: [keys[0]] } } } },
    { body: { Responses: { orders: [keys[0]] }, UnprocessedKeys: {} } },
  ]);

  const items = await batchGet(
    keys,
    (wanted) => reader.get({ table: 'orders', keys: wanted }),
    (item) => item,
  );

  expect(items).toEqual(keys);
  expect(server.requests.map(({ body }) => body)).toEqual([
    { RequestItems: { orders: { Keys: keys, ConsistentRead: true } }, ReturnConsumedCapacity: 'TOTAL' },
    { RequestItems: { orders: { Keys: [keys[0]], ConsistentRead: true } }, ReturnConsumedCapacity: 'TOTAL' },
    { RequestItems: { orders: { Keys: [keys[0]], ConsistentRead: true } }, ReturnConsumedCapacity: 'TOTAL' },
  ]);
});

test('a batch that read no key was throttled, and is reported so each time', async () => {
  const keys = [{ id: { S: 'a' } }];
  const none = { body: { Responses: { orders: [] }, UnprocessedKeys: { orders: { Keys: keys } } } };
  const all = { body: { Responses: { orders: keys }, UnprocessedKeys: {} } };
  const { reader } = await scripted([failure('InternalServerError', 500), none, none, all]);
  const failed: string[] = [];

  const page = await reader.get({ table: 'orders', keys, onRetry: async (how) => void failed.push(how) });

  expect(page).toMatchObject({ items: keys, unprocessed: [] });
  expect(failed).toEqual(['unanswered', 'throttled', 'throttled']);
});

test.each([
  ['AccessDeniedException', 'source-denied'],
  ['ExpiredTokenException', 'source-denied'],
  ['UnrecognizedClientException', 'source-denied'],
  ['ResourceNotFoundException', 'source-table-missing'],
  ['UnknownOperationException', 'source-invalid'],
] as const)('%s is not tried again, and holds no value', async (name, expected) => {
  const { server, reader } = await scripted([failure(name)]);

  await expect(reader.scan(SCAN)).rejects.toMatchObject({
    ...kind(expected),
    message: expect.not.stringContaining('secret'),
  });
  expect(server.requests).toHaveLength(1);
});

test.each([
  ['a web page', '<html>welcome</html>'],
  ['JSON that is no object', '[]'],
  ['an object without items', {}],
  ['items that are none', { Items: [7] }],
])('%s is not DynamoDB’s answer', async (_, body) => {
  const { reader } = await scripted([{ body }]);

  await expect(reader.scan(SCAN)).rejects.toMatchObject(kind('source-invalid'));
});

test('an endpoint without a server is named', async () => {
  const { server } = await scripted([]);
  await server[Symbol.asyncDispose]();
  const reader = await readerAt(server.endpointUrl);

  await expect(reader.describe('orders')).rejects.toMatchObject({
    ...kind('source-unavailable'),
    message: expect.stringContaining(server.endpointUrl),
  });
});

test('an interruption ends waiting for a throttled server', async () => {
  const { server } = await scripted(Array.from({ length: 40 }, () => failure('ThrottlingException')));
  const reader = await readerAt(server.endpointUrl, { retries: 100, firstMs: 60_000, maxMs: 60_000 });
  const stopping = new AbortController();

  const scanning = reader.scan({ ...SCAN, signal: stopping.signal });
  setTimeout(() => stopping.abort(), 50);

  await expect(scanning).rejects.toMatchObject(kind('interrupted'));
});

test('a stream is switched on once, and waited for', async () => {
  const table = (status: string, stream: boolean) => ({
    body: {
      Table: {
        TableName: 'orders',
        TableStatus: status,
        ...(stream && {
          StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
          LatestStreamArn: 'arn',
        }),
      },
    },
  });
  const { server } = await scripted([
    table('ACTIVE', false),
    failure('ResourceInUseException'),
    { body: {} },
    table('UPDATING', true),
    table('ACTIVE', true),
    table('ACTIVE', true),
  ]);
  const reader = await readerAt(server.endpointUrl);

  await reader.enableStream('orders');
  await reader.enableStream('orders');

  expect(server.requests.map(({ operation }) => operation)).toEqual([
    'DescribeTable',
    'UpdateTable',
    'UpdateTable',
    'DescribeTable',
    'DescribeTable',
    'DescribeTable',
  ]);
});

test('a server that drops the order to switch a stream on is named within seconds, as one without streams', async () => {
  const table = {
    TableName: 'orders',
    TableStatus: 'ACTIVE',
    TableArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders',
  };
  const server = await startScriptedHttp([
    { body: { Table: table } },
    { body: { TableDescription: table } },
    ...Array.from({ length: 30 }, () => ({ body: { Table: table } })),
  ]);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const reader = await readerAt(server.endpointUrl);

  await expect(reader.enableStream('orders')).rejects.toMatchObject({
    kind: 'source-invalid',
    message: `${server.endpointUrl} has no streams: none can be switched on for table orders`,
  });
});

test('the error for a table that a server on this machine does not have names the region and key of the request', async () => {
  const server = await startScriptedHttp([failure('ResourceNotFoundException')]);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const client = new DynamoDBClient({
    endpoint: server.endpointUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  onTestFinished(() => client.destroy());
  const askedWith = 'region us-east-1 (default) and access key local (default)';
  const reader = new AwsTableReader(client, server.endpointUrl, { askedWith });

  await expect(reader.describe('orders')).rejects.toMatchObject({
    kind: 'source-table-missing',
    message: `There is no table orders (${server.endpointUrl}, asked with ${askedWith})`,
    remedy: expect.stringContaining('--region, and AWS_ACCESS_KEY_ID or --profile'),
  });
});

test('a stream that is being switched off still has its ARN, and is none', async () => {
  const { reader } = await scripted([
    {
      body: {
        Table: {
          TableName: 'orders',
          TableArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders',
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          LatestStreamArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/1',
        },
      },
    },
  ]);

  expect(await reader.describe('orders')).toMatchObject({ stream: null, keys: [{ name: 'id', type: 'S' }] });
});
