import { setTimeout as timeout } from 'node:timers/promises';
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { onTestFinished } from 'vitest';

/** Puts `count` items with keys `item-0`, `item-1` and so on, each with a counter of 0. */
export async function fillTable(client: DynamoDBClient, table: string, count: number, padding = 50): Promise<void> {
  const puts = Array.from({ length: count }, (_, id) => ({ PutRequest: { Item: itemOf(id, 0, padding) } }));
  const batches = Array.from({ length: Math.ceil(count / 25) }, (_, at) => puts.slice(at * 25, at * 25 + 25));
  const lanes = Array.from({ length: 8 }, async () => {
    for (let batch = batches.pop(); batch; batch = batches.pop()) {
      await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: batch } }));
    }
  });
  await Promise.all(lanes);
}

/**
 * Writes to random items of {@link fillTable}, puts and deletes, about 300 a second, until it is stopped or the test
 * ends.
 */
export function keepWriting(client: DynamoDBClient, table: string, count: number): { stop(): Promise<number> } {
  let writes = 0;
  let stopped = false;
  const writing = (async () => {
    while (!stopped) {
      const id = Math.floor(Math.random() * count);
      if (++writes % 5 === 0) {
        await client.send(new DeleteItemCommand({ TableName: table, Key: { pk: { S: `item-${id}` } } }));
      } else {
        await client.send(new PutItemCommand({ TableName: table, Item: itemOf(id, writes) }));
      }
      await timeout(2);
    }
  })();
  const stop = async () => {
    stopped = true;
    await writing;
    return writes;
  };
  onTestFinished(async () => {
    await stop();
  });
  return { stop };
}

function itemOf(id: number, counter: number, padding = 50) {
  return { pk: { S: `item-${id}` }, counter: { N: String(counter) }, filler: { S: 'x'.repeat(padding) } };
}
