import { BatchWriteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAwsClients } from '../../../src/source/aws-clients.ts';
import { AwsTableReader } from '../../../src/source/aws-table-reader.ts';
import { batchGet } from '../../../src/source/batch-get.ts';
import type { AttributeMap } from '../../../src/value/attribute-value.ts';
import { type Dynoxide, startDynoxide } from '../../support/stream/dynoxide.ts';

let server: Dynoxide;
let reader: AwsTableReader;

beforeAll(async () => {
  server = await startDynoxide();
  const { dynamodb, endpoint } = await createAwsClients({ endpointUrl: server.endpointUrl }, {});
  reader = new AwsTableReader(dynamodb, endpoint);
});
afterAll(() => server[Symbol.asyncDispose]());

async function fill(table: string, count: number, padding = 10): Promise<void> {
  const puts = Array.from({ length: count }, (_, id) => ({
    PutRequest: { Item: { pk: { S: `item-${id}` }, filler: { S: 'x'.repeat(padding) } } },
  }));
  for (let start = 0; start < count; start += 25) {
    await server.client.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts.slice(start, start + 25) } }));
  }
}

async function segment(table: string, index: number, totalSegments: number) {
  const items: AttributeMap[] = [];
  let startKey: AttributeMap | null = null;
  let pages = 0;
  do {
    const page = await reader.scan({ table, segment: index, totalSegments, startKey });
    items.push(...page.items);
    startKey = page.lastKey;
    pages++;
  } while (startKey);
  return { items, pages };
}

test('a description names the table, its keys with their types, and the stream that is on', async () => {
  const table = await server.createTable({ keys: { pk: 'S', sk: 'N' } });

  expect(await reader.describe(table.name)).toEqual({
    table: { name: table.name, arn: table.arn, tableId: expect.any(String) },
    createdAt: expect.any(Number),
    keys: expect.arrayContaining([
      { name: 'pk', type: 'S' },
      { name: 'sk', type: 'N' },
    ]),
    itemCount: 0,
    sizeBytes: 0,
    readCapacity: null,
    isInfrequentAccess: false,
    isGlobal: false,
    stream: { arn: table.streamArn, viewType: 'NEW_AND_OLD_IMAGES' },
  });
});

test('a stream that is off is switched on with both images', async () => {
  const { name } = await server.createTable({ stream: null });
  expect((await reader.describe(name)).stream).toBeNull();

  await reader.enableStream(name);

  expect((await reader.describe(name)).stream).toMatchObject({ viewType: 'NEW_AND_OLD_IMAGES' });
});

test('the segments of a scan are disjoint and together the table, page after page', async () => {
  const { name } = await server.createTable();
  await fill(name, 600, 4_000);

  const segments = await Promise.all([0, 1, 2, 3].map((index) => segment(name, index, 4)));
  const whole = await segment(name, 0, 1);

  const keys = segments.flatMap(({ items }) => items.map((item) => String(item['pk']?.['S'])));
  expect(keys.toSorted()).toEqual(Array.from({ length: 600 }, (_, id) => `item-${id}`).toSorted());
  expect(whole.pages).toBeGreaterThan(1);
});

test('keys and attributes of every name and type are read whole, and paged by', async () => {
  const { name } = await server.createTable({ keys: { ['__proto__']: 'B', sk: 'N' } });
  const digits = '12345678901234567890123456789012345678';
  for (let id = 0; id < 400; id++) {
    await putRaw(
      name,
      `{"__proto__":{"B":"${Buffer.from([id % 256, 255]).toString('base64')}"},"sk":{"N":"${id}"},
      "m":{"M":{"__proto__":{"N":"${digits}"}}},"filler":{"S":"${'x'.repeat(4_000)}"}}`,
    );
  }

  const { items, pages } = await segment(name, 0, 1);

  expect(pages).toBeGreaterThan(1);
  expect(items).toHaveLength(400);
  expect(new Set(items.map((item) => item['sk']?.['N'])).size).toBe(400);
  const [first] = items;
  expect(Object.keys(first ?? {}).toSorted()).toEqual(['__proto__', 'filler', 'm', 'sk']);
  expect(JSON.stringify(first?.['m'])).toBe(`{"M":{"__proto__":{"N":"${digits}"}}}`);
  const keys = items
    .slice(0, 3)
    .map((item) => Object.fromEntries(Object.entries(item).filter(([key]) => key === '__proto__' || key === 'sk')));
  const got = await batchGet(
    keys,
    (wanted) => reader.get({ table: name, keys: wanted }),
    (item) => item,
  );
  expect(got).toEqual(items.slice(0, 3));
});

/** Puts an item past the SDK, whose serializer knows no attribute named `__proto__`. */
async function putRaw(table: string, item: string): Promise<void> {
  const response = await fetch(server.endpointUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.PutItem',
      'x-amz-date': '20260101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00',
    },
    body: `{"TableName":"${table}","Item":${item}}`,
  });
  expect(response.status).toBe(200);
}

test('items are got by key, absent ones left out, and the read units reported', async () => {
  const { name } = await server.createTable();
  await fill(name, 100);
  const keys = ['nobody', ...Array.from({ length: 99 }, (_, id) => `item-${id}`)];

  const { items, unprocessed, consumedUnits } = await reader.get({
    table: name,
    keys: keys.map((pk) => ({ pk: { S: pk } })),
  });

  expect(items.map((item) => item['pk']?.['S']).toSorted()).toEqual(keys.slice(1).toSorted());
  expect(unprocessed).toEqual([]);
  expect(consumedUnits).toBeGreaterThanOrEqual(99);
});

test('the time is the server’s own', async () => {
  const { name } = await server.createTable();

  expect(Math.abs((await reader.serverTime(name)) - Date.now())).toBeLessThan(5_000);
});

test('units are counted as the server gives them', async () => {
  const { name } = await server.createTable();
  await server.client.send(new PutItemCommand({ TableName: name, Item: { pk: { S: 'a' } } }));

  expect((await reader.scan({ table: name, segment: 0, totalSegments: 1, startKey: null })).consumedUnits).toBe(0.5);
});

describe('each fault of a table is an error by name', () => {
  test.each([
    ['describe', (name: string) => reader.describe(name)],
    ['enableStream', (name: string) => reader.enableStream(name)],
    ['scan', (name: string) => reader.scan({ table: name, segment: 0, totalSegments: 1, startKey: null })],
    ['get', (name: string) => reader.get({ table: name, keys: [{ pk: { S: 'a' } }] })],
    ['serverTime', (name: string) => reader.serverTime(name)],
  ])('%s of a table that does not exist', async (_, call) => {
    await expect(call('nothing-here')).rejects.toMatchObject({
      kind: 'source-table-missing',
      message: expect.stringContaining('nothing-here'),
    });
  });

  test('a name that no table can have', async () => {
    await expect(reader.describe('a b')).rejects.toMatchObject({ kind: 'usage-invalid' });
  });
});
