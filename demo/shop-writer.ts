import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../src/clock.ts';
import type { Random } from '../src/random.ts';
import { canonicalKey } from '../src/value/key.ts';
import { whole } from './chance.ts';
import type { ShopItem, StagedTable } from './shop-table.ts';

/** A write that DynamoDB has acknowledged. */
export type Write = {
  readonly operation: 'INSERT' | 'MODIFY' | 'REMOVE';
  /** Canonical key of the item. */
  readonly key: string;
  /** The item's revision since; `null` once it is removed. */
  readonly revision: number | null;
  /** When it was acknowledged, in milliseconds since the epoch. */
  readonly at: number;
};

/** DynamoDB's limit on items a batch. */
const BATCH = 25;

/** How far back the times of the first items reach, in milliseconds. */
const PAST_MS = 30 * 86_400_000;

/** The shop's own application: it writes the items of a table to DynamoDB and knows nothing of Tailrace. */
export class ShopWriter {
  readonly #client: DynamoDBClient;
  readonly #table: StagedTable;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #items: ShopItem[] = [];
  #serial = 0;

  constructor(client: DynamoDBClient, table: StagedTable, clock: Clock, random: Random) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
    this.#random = random;
  }

  /** Writes the first `count` items, of the last thirty days. */
  async fill(count: number): Promise<void> {
    const { name } = this.#table;
    const now = this.#clock.now();
    while (this.#items.length < count) {
      const batch = Array.from({ length: Math.min(BATCH, count - this.#items.length) }, () =>
        this.#first(now - whole(this.#random, PAST_MS)),
      );
      let requests = batch.map((Item) => ({ PutRequest: { Item } }));
      while (requests.length > 0) {
        const answer = await this.#client.send(new BatchWriteItemCommand({ RequestItems: { [name]: requests } }));
        const unprocessed = answer.UnprocessedItems?.[name] ?? [];
        requests = unprocessed.flatMap(({ PutRequest }) =>
          PutRequest?.Item ? [{ PutRequest: { Item: PutRequest.Item } }] : [],
        );
      }
      this.#items.push(...batch);
    }
  }

  /** Inserts, updates and deletes items, `perSecond` of them, until `signal` aborts; reports each write. */
  async write(perSecond: number, signal: AbortSignal, onWrite: (write: Write) => void): Promise<void> {
    const { shop } = this.#table;
    const began = this.#clock.now();
    for (let count = 0; !signal.aborted; count++) {
      // By the schedule rather than by a pause, so that the pace recovers after a slow write.
      await this.#clock.sleep(Math.max(0, began + (count * 1000) / perSecond - this.#clock.now()), signal);
      if (signal.aborted) return;
      const { operation, item, revision } = await this.#one();
      onWrite({ operation, key: canonicalKey(shop.keyOf(item)), revision, at: this.#clock.now() });
    }
  }

  async #one(): Promise<{ operation: Write['operation']; item: ShopItem; revision: number | null }> {
    const { shop, name: TableName } = this.#table;
    const chance = this.#random.next();
    const index = whole(this.#random, this.#items.length);
    const item = this.#items[index];
    if (item === undefined || chance < 0.4) return this.#insert();
    if (chance < 0.9) return this.#update(item, index);
    await this.#client.send(new DeleteItemCommand({ TableName, Key: shop.keyOf(item) }));
    this.#items.splice(index, 1);
    return { operation: 'REMOVE', item, revision: null };
  }

  async #insert() {
    const item = this.#first(this.#clock.now());
    await this.#client.send(new PutItemCommand({ TableName: this.#table.name, Item: item }));
    this.#items.push(item);
    return { operation: 'INSERT', item, revision: 1 } as const;
  }

  async #update(item: ShopItem, index: number) {
    const next = this.#table.shop.next(item, this.#random);
    await this.#client.send(new PutItemCommand({ TableName: this.#table.name, Item: next }));
    this.#items[index] = next;
    return { operation: 'MODIFY', item: next, revision: Number(next['revision']?.N) } as const;
  }

  #first(at: number): ShopItem {
    return this.#table.shop.first(++this.#serial, at, this.#random);
  }
}
