import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { BatchWriteItemCommand, CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type EmbeddedServer, startEmbeddedServer } from '../demo/embedded-server.ts';
import { newOrder, ordersTable } from '../demo/orders.ts';
import { createAwsClients } from '../src/source/aws-clients.ts';
import { AwsTableReader } from '../src/source/aws-table-reader.ts';
import { seeded } from './events.ts';

/**
 * The embedded server reads the rest of a segment for each page of it: a scan takes four times as long for twice the
 * items, an hour for a million.
 */
export const MOST_FOR_EMBEDDED = 100_000;

const PAGE_SERVER = join(import.meta.dirname, 'page-server.ts');

/** DynamoDB's limit on items a batch, and how many batches are under way at once. */
const BATCH = 25;
const LANES = 4;

/**
 * Starts a server with a table of `items` orders, whose stream is on: the embedded one, or for more items than that reads
 * in reasonable time, one that only serves pages made before.
 *
 * @param directory Where it stores them.
 */
export async function startOrdersServer(table: string, items: number, directory: string): Promise<EmbeddedServer> {
  if (items > MOST_FOR_EMBEDDED) return startPageServer(table, items, join(directory, 'pages'));
  const server = await startEmbeddedServer();
  using clients = await createAwsClients(server);
  await clients.dynamodb.send(new CreateTableCommand(ordersTable(table)));
  await fill(clients.dynamodb, table, items);
  await new AwsTableReader(clients.dynamodb, clients.endpoint).enableStream(table);
  return server;
}

/** Writes orders as fast as the server takes them. */
async function fill(client: DynamoDBClient, table: string, items: number): Promise<void> {
  const random = seeded();
  let begun = 0;
  const lane = async () => {
    while (begun < items) {
      const from = begun + 1;
      begun = Math.min(items, begun + BATCH);
      const orders = Array.from({ length: begun - from + 1 }, (_, index) => newOrder(from + index, random));
      const RequestItems = { [table]: orders.map((Item) => ({ PutRequest: { Item } })) };
      await client.send(new BatchWriteItemCommand({ RequestItems }));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Starts the server that only serves pages made before, in `file`. */
export async function startPageServer(table: string, items: number, file: string): Promise<EmbeddedServer> {
  const child = spawn(process.execPath, [PAGE_SERVER, table, String(items), file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [port] = await Promise.race([once(child.stdout, 'data'), ended.then(() => [])]);
  if (port === undefined) throw new Error('The server of pages does not start');
  return {
    endpointUrl: `http://127.0.0.1:${String(port).trim()}`,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}
