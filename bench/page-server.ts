import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { newOrder, type Order, ordersTable } from '../demo/orders.ts';
import { isObject } from '../src/value/is-object.ts';
import { seeded } from './events.ts';

// Serves a table of orders whose pages were made before: page-server.ts TABLE ITEMS FILE. Ends with its standard input.

/** Of about 400 bytes, as DynamoDB counts them: 1 MB is a page. */
const PAGE_ITEMS = 2_500;
const ORDER_NUMBERS = 20_260_000_000_000_000_000n;

const [, , name = '', items = '', path = ''] = process.argv;
const offsets = await writePages(Number(items));
const pageCount = offsets.length - 1;
const file = await open(path);
const created = Date.now() / 1_000;
const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`;
const streamArn = `${arn}/stream/2026-01-02T03:04:05.678`;

process.stdin.resume().once('close', () => process.exit());
const server = createServer(async (request, response) => {
  const body = await answer(request);
  const status = body === undefined ? 400 : 200;
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'content-length': body?.length ?? 0 };
  response.writeHead(status, headers).end(body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${isObject(address) ? address['port'] : ''}\n`);
});

/** Writes all pages, one after the other. Gives where each begins, and where the last one ends. */
async function writePages(count: number): Promise<readonly number[]> {
  const out = createWriteStream(path);
  const random = seeded();
  const offsets = [0];
  for (let from = 1; from <= count; from += PAGE_ITEMS) {
    const length = Math.min(PAGE_ITEMS, count - from + 1);
    const page = Buffer.from(JSON.stringify(Array.from({ length }, (_, index) => wireOrder(from + index, random))));
    if (!out.write(page)) await once(out, 'drain');
    offsets.push((offsets.at(-1) ?? 0) + page.length);
  }
  out.end();
  await once(out, 'close');
  return offsets;
}

/** An order as it is on the wire: bytes as base64 text. */
function wireOrder(serial: number, random: ReturnType<typeof seeded>) {
  const { receipt, ...order } = newOrder(serial, random);
  return { ...order, receipt: { B: Buffer.from(receipt?.B ?? []).toString('base64') } };
}

/** DynamoDB's answer to a request; `undefined` to a request that no reader of a table sends. */
async function answer(request: IncomingMessage): Promise<Buffer | undefined> {
  const input = (await json(request)) as Record<string, unknown>;
  const operation = String(request.headers['x-amz-target']).split('.').at(-1);
  if (operation === 'Scan') return scan(input);
  if (operation === 'BatchGetItem') return Buffer.from(JSON.stringify(await get(input)));
  if (operation === 'DescribeTable') return Buffer.from(JSON.stringify({ Table: description() }));
  if (operation === 'DescribeStream') return Buffer.from(JSON.stringify({ StreamDescription: stream() }));
  return undefined;
}

async function scan({ Segment = 0, TotalSegments = 1, ExclusiveStartKey }: Record<string, unknown>): Promise<Buffer> {
  const first = Math.floor((Number(Segment) * pageCount) / Number(TotalSegments));
  const end = Math.floor(((Number(Segment) + 1) * pageCount) / Number(TotalSegments));
  const page = ExclusiveStartKey === undefined ? first : pageOf(ExclusiveStartKey) + 1;
  if (page >= end) return Buffer.from('{"Items":[],"Count":0}');
  const found = await bytesOf(page);
  const last = {
    order_number: { N: String(ORDER_NUMBERS + BigInt((page + 1) * PAGE_ITEMS)) },
    customer_id: { S: '-' },
  };
  const count = `"ConsumedCapacity":{"TableName":${JSON.stringify(name)},"CapacityUnits":128}`;
  const more = page + 1 < end ? `,"LastEvaluatedKey":${JSON.stringify(last)}` : '';
  return Buffer.concat([Buffer.from('{"Items":'), found, Buffer.from(`,${count}${more}}`)]);
}

async function get({ RequestItems }: Record<string, unknown>) {
  const request = isObject(RequestItems) ? RequestItems[name] : undefined;
  const keys = isObject(request) && Array.isArray(request['Keys']) ? request['Keys'] : [];
  const found: Order[] = [];
  for (const key of keys) {
    const page = JSON.parse((await bytesOf(pageOf(key))).toString()) as readonly Order[];
    found.push(...page.filter(({ order_number }) => order_number?.N === key.order_number.N));
  }
  return { Responses: { [name]: found }, UnprocessedKeys: {} };
}

/** The page that holds an order, by its number. */
function pageOf(key: unknown): number {
  const number = isObject(key) && isObject(key['order_number']) ? String(key['order_number']['N']) : '';
  return Math.floor((Number(BigInt(number) - ORDER_NUMBERS) - 1) / PAGE_ITEMS);
}

async function bytesOf(page: number): Promise<Buffer> {
  const from = offsets[page] ?? 0;
  const length = (offsets[page + 1] ?? 0) - from;
  const { buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, from);
  return buffer;
}

function description() {
  return {
    ...ordersTable(name),
    TableArn: arn,
    TableId: '00000000-0000-4000-8000-000000000000',
    TableStatus: 'ACTIVE',
    ItemCount: Number(items),
    TableSizeBytes: Number(items) * 400,
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    LatestStreamArn: streamArn,
  };
}

function stream() {
  return {
    StreamArn: streamArn,
    StreamLabel: streamArn.split('/').at(-1),
    StreamStatus: 'ENABLED',
    StreamViewType: 'NEW_AND_OLD_IMAGES',
    CreationRequestDateTime: created,
    TableName: name,
    Shards: [
      { ShardId: 'shardId-00000000000000000000-00000000', SequenceNumberRange: { StartingSequenceNumber: '1' } },
    ],
  };
}
