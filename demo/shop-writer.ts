import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../src/clock.ts';
import type { Random } from '../src/random.ts';
import { canonicalKey } from '../src/value/key.ts';
import { keyOf, newOrder, nextRevision, type Order } from './shop.ts';

/** A write that DynamoDB has acknowledged. */
export type Write = {
  readonly operation: 'INSERT' | 'MODIFY' | 'REMOVE';
  /** Canonical key of the order. */
  readonly key: string;
  /** The order's revision since; `null` once it is removed. */
  readonly revision: number | null;
  /** When it was acknowledged, in milliseconds since the epoch. */
  readonly at: number;
};

/** DynamoDB's limit on items a batch. */
const BATCH = 25;

/** The shop's own application: it writes orders to DynamoDB and knows nothing of Tailrace. */
export class ShopWriter {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #orders: Order[] = [];
  #serial = 0;

  constructor(client: DynamoDBClient, table: string, clock: Clock, random: Random) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
    this.#random = random;
  }

  /** Writes the first `count` orders. */
  async fill(count: number): Promise<void> {
    while (this.#orders.length < count) {
      const batch = Array.from({ length: Math.min(BATCH, count - this.#orders.length) }, () => this.#order());
      let requests = batch.map((Item) => ({ PutRequest: { Item } }));
      while (requests.length > 0) {
        const answer = await this.#client.send(
          new BatchWriteItemCommand({ RequestItems: { [this.#table]: requests } }),
        );
        const unprocessed = answer.UnprocessedItems?.[this.#table] ?? [];
        requests = unprocessed.flatMap(({ PutRequest }) =>
          PutRequest?.Item ? [{ PutRequest: { Item: PutRequest.Item } }] : [],
        );
      }
      this.#orders.push(...batch);
    }
  }

  /** Inserts, updates and deletes orders, `perSecond` of them, until `signal` aborts; reports each write. */
  async write(perSecond: number, signal: AbortSignal, onWrite: (write: Write) => void): Promise<void> {
    const began = this.#clock.now();
    for (let count = 0; !signal.aborted; count++) {
      // By the schedule rather than by a pause, so that the pace recovers after a slow write.
      await this.#clock.sleep(Math.max(0, began + (count * 1000) / perSecond - this.#clock.now()), signal);
      if (signal.aborted) return;
      const { operation, order, revision } = await this.#one();
      onWrite({ operation, key: canonicalKey(keyOf(order)), revision, at: this.#clock.now() });
    }
  }

  async #one(): Promise<{ operation: Write['operation']; order: Order; revision: number | null }> {
    const chance = this.#random.next();
    const index = Math.floor(this.#random.next() * this.#orders.length);
    const order = this.#orders[index];
    if (order === undefined || chance < 0.4) return this.#insert();
    if (chance < 0.9) return this.#update(order, index);
    await this.#client.send(new DeleteItemCommand({ TableName: this.#table, Key: keyOf(order) }));
    this.#orders.splice(index, 1);
    return { operation: 'REMOVE', order, revision: null };
  }

  async #insert() {
    const order = this.#order();
    await this.#client.send(new PutItemCommand({ TableName: this.#table, Item: order }));
    this.#orders.push(order);
    return { operation: 'INSERT', order, revision: 1 } as const;
  }

  async #update(order: Order, index: number) {
    const next = nextRevision(order, this.#random);
    await this.#client.send(new PutItemCommand({ TableName: this.#table, Item: next }));
    this.#orders[index] = next;
    return { operation: 'MODIFY', order: next, revision: Number(next['revision']?.N) } as const;
  }

  #order(): Order {
    return newOrder(++this.#serial, this.#random);
  }
}
