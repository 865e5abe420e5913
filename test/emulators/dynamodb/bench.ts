import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AttributeValue,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ResourceNotFoundException,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { createWorkplace, type Ended, type Workplace } from '../../support/process/tailrace-process.ts';
import type { RunningServer } from './running-server.ts';

/** The types of a table's keys: of the partition key, and of the sort key if it has one. */
export type KeyTypes = readonly ['S' | 'N' | 'B'] | readonly ['S' | 'N' | 'B', 'S' | 'N' | 'B'];

/** The real command beside a server, and an application's writes to its tables. */
export interface Bench extends AsyncDisposable {
  readonly workplace: Workplace;
  tailrace(...args: readonly string[]): Promise<Ended>;
  /** Follows a table until it has read that many records, or for 20 seconds. */
  tail(table: string, records: number): Promise<Ended>;
  createTable(name: string, keys: KeyTypes, options?: { readonly stream: boolean }): Promise<void>;
  switchStreamOff(name: string): Promise<void>;
  deleteTable(name: string): Promise<void>;
  put(name: string, index: number, keys: KeyTypes, value: number): Promise<void>;
  remove(name: string, index: number, keys: KeyTypes): Promise<void>;
}

/** The most that a tail may take for a few records. */
const TAIL_MS = 20_000;
/** The most that a server may take to create or drop a table. */
const TABLE_MS = 10_000;

/** Sets up what is needed beside a server. */
export async function benchBeside({ endpointUrl }: RunningServer): Promise<Bench> {
  const workplace = await createWorkplace();
  const client = new DynamoDBClient({
    endpoint: endpointUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const where = ['--destination', 'duckdb:shop.duckdb', '--endpoint-url', endpointUrl];
  const stateOf = async (TableName: string) => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    return Table?.TableStatus;
  };
  return {
    workplace,
    tailrace: (...args) => workplace.tailrace([...args, ...where]),
    async tail(table, records) {
      const tail = workplace.start(['tail', table, '--json', ...where]);
      let hasEnded = false;
      void tail.ended.then(() => {
        hasEnded = true;
      });
      const read = () =>
        Math.max(0, ...[...tail.stdout.matchAll(/"records":(\d+)/g)].map(([, count]) => Number(count)));
      await until(async () => hasEnded || read() >= records, TAIL_MS);
      return tail.stop('SIGTERM');
    },
    async createTable(TableName, keys, { stream } = { stream: true }) {
      await client.send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: keys.map((_, index) => ({
            AttributeName: KEY_NAMES[index],
            KeyType: index === 0 ? 'HASH' : 'RANGE',
          })),
          AttributeDefinitions: keys.map((type, index) => ({ AttributeName: KEY_NAMES[index], AttributeType: type })),
          ...(stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } }),
        }),
      );
      await until(async () => (await stateOf(TableName)) === 'ACTIVE', TABLE_MS);
    },
    async switchStreamOff(TableName) {
      await client.send(new UpdateTableCommand({ TableName, StreamSpecification: { StreamEnabled: false } }));
      await until(async () => (await stateOf(TableName)) === 'ACTIVE', TABLE_MS);
    },
    async deleteTable(TableName) {
      await client.send(new DeleteTableCommand({ TableName }));
      const isGone = () =>
        stateOf(TableName).then(
          () => false,
          (error) => error instanceof ResourceNotFoundException,
        );
      await until(isGone, TABLE_MS);
    },
    async put(TableName, index, keys, value) {
      const v = { N: String(value) };
      const Item = { ...keyOf(index, keys), v, nested: { M: { n: { N: '1.50' }, s: { SS: ['b', 'a'] } } } };
      await client.send(new PutItemCommand({ TableName, Item }));
    },
    async remove(TableName, index, keys) {
      await client.send(new DeleteItemCommand({ TableName, Key: keyOf(index, keys) }));
    },
    async [Symbol.asyncDispose]() {
      client.destroy();
      await workplace[Symbol.asyncDispose]();
    },
  };
}

async function until(condition: () => Promise<boolean>, ms: number): Promise<void> {
  const giveUpAt = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error(`It has not come true within ${ms} ms`);
    await sleep(50);
  }
}

const KEY_NAMES = ['id', 'at'] as const;

function keyOf(index: number, keys: KeyTypes): Record<string, AttributeValue> {
  return Object.fromEntries(keys.map((type, at) => [KEY_NAMES[at], keyValue(index, type)]));
}

function keyValue(index: number, type: KeyTypes[number]): AttributeValue {
  if (type === 'S') return { S: `item-${index}` };
  return type === 'N' ? { N: `${index}.50` } : { B: Buffer.from(`item-${index}`) };
}
