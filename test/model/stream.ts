import { compareSequenceNumbers } from '../../src/order/position.ts';
import type { Random } from '../../src/random.ts';
import type { StreamViewType } from '../../src/source/table-reader.ts';
import type { StreamDescription } from '../../src/stream/stream-client.ts';
import type { TableChange } from './table-change.ts';

/** How long a stream retains its records, and a closed shard. */
export const KEPT_MS = 24 * 60 * 60 * 1000;

/** How one server's streams differ from another's. */
export type StreamManner = {
  /** The fewest digits of a sequence number: smaller ones begin with zeros. @default 1 */
  readonly digits?: number;
  /** How long a description still lists a shard that can't be read any more. @default 0 */
  readonly lingerMs?: number;
};

export type ModelRecord<C extends TableChange> = {
  readonly number: string;
  readonly change: C;
  /** When readers begin to see it. */
  readonly availableAt: number;
};

export type ModelShard<C extends TableChange> = {
  readonly id: string;
  readonly parentId: string | null;
  /** Its part of the key space: from, up to but not including. */
  readonly range: readonly [number, number];
  readonly records: ModelRecord<C>[];
  readonly firstNumber: bigint;
  lastNumber: bigint;
  /** Descriptions lag behind. */
  readonly listedAt: number;
  closedAt: number | null;
};

/** One stream of a table, from when it is switched on until a day after it is switched off. */
export class ModelStream<C extends TableChange = TableChange> {
  readonly arn: string;
  readonly label: string;
  readonly viewType: StreamViewType;
  readonly createdAt: number;
  /** When it begins to be ENABLED. */
  readonly enabledAt: number;
  /** When it begins to capture changes: a little after it is ENABLED. */
  readonly capturesFrom: number;
  readonly shards: ModelShard<C>[] = [];
  closedAt: number | null = null;
  readonly #random: Random;
  readonly #manner: StreamManner;

  constructor(parts: {
    readonly tableArn: string;
    readonly now: number;
    /** How long until it is ENABLED, and then until it captures every change. */
    readonly enablingMs: number;
    readonly lateMs: number;
    readonly shardCount: number;
    readonly firstNumber: bigint;
    readonly random: Random;
    readonly manner?: StreamManner;
    /** @default 'NEW_AND_OLD_IMAGES' */
    readonly viewType?: StreamViewType;
  }) {
    const { tableArn, now, enablingMs, lateMs, shardCount, firstNumber, random, manner = {} } = parts;
    this.label = new Date(now).toISOString().slice(0, -1);
    this.arn = `${tableArn}/stream/${this.label}`;
    this.viewType = parts.viewType ?? 'NEW_AND_OLD_IMAGES';
    this.createdAt = now;
    this.enabledAt = now + enablingMs;
    this.capturesFrom = this.enabledAt + lateMs;
    this.#random = random;
    this.#manner = manner;
    for (let index = 0; index < shardCount; index++) {
      this.#open(null, [index / shardCount, (index + 1) / shardCount], firstNumber + BigInt(index), now, now);
    }
  }

  statusAt(now: number): StreamDescription['status'] {
    if (this.closedAt !== null) return 'DISABLED';
    return now < this.enabledAt ? 'ENABLING' : 'ENABLED';
  }

  /** Whether it can't be read any more. */
  isGone(now: number): boolean {
    return this.closedAt !== null && now - this.closedAt > KEPT_MS;
  }

  /** Puts a change into the shard of its key. */
  capture(change: C): ModelRecord<C> {
    const point = keySpaceOf(change.name);
    const shard = this.shards.find(({ closedAt, range }) => closedAt === null && range[0] <= point && point < range[1]);
    if (!shard) throw new Error(`No shard takes ${change.name}`);
    shard.lastNumber += 1n + BigInt(Math.floor(this.#random.next() * 9));
    const record = {
      number: this.numberText(shard.lastNumber),
      change,
      availableAt: Math.max(change.at + 50 + Math.floor(this.#random.next() * 600), lastOf(shard)?.availableAt ?? 0),
    };
    shard.records.push(record);
    change.number = record.number;
    change.shardId = shard.id;
    return record;
  }

  /** Closes an open shard, whose keys go to one or two others. Gives the closed one; `undefined` if none was open. */
  divide(index: number, into: 1 | 2, now: number): ModelShard<C> | undefined {
    const open = this.shards.filter(({ closedAt }) => closedAt === null);
    const shard = open[index % Math.max(1, open.length)];
    if (!shard) return undefined;
    shard.closedAt = now;
    const [from, to] = shard.range;
    const middle = into === 1 ? to : (from + to) / 2;
    for (const range of into === 1
      ? ([[from, to]] as const)
      : ([
          [from, middle],
          [middle, to],
        ] as const)) {
      // A child is never listed before its parent.
      const listedAt = Math.max(shard.listedAt, now) + Math.floor(this.#random.next() * 3_000);
      this.#open(shard, range, shard.lastNumber + 1n, now, listedAt);
    }
    return shard;
  }

  close(now: number): void {
    this.closedAt = now;
    for (const shard of this.shards) shard.closedAt ??= now;
  }

  /** How many records of a shard, from its first, the stream has dropped. */
  trimmed({ records }: ModelShard<C>, now: number): number {
    const first = records.findIndex(({ change }) => now - change.at <= KEPT_MS);
    return first === -1 ? records.length : first;
  }

  /** Whether a shard has been closed for a day and can't be read any more. */
  isShardGone({ closedAt }: ModelShard<C>, now: number): boolean {
    return closedAt !== null && now - closedAt > KEPT_MS;
  }

  /** Whether a description lists a shard now. */
  isListed({ listedAt, closedAt }: ModelShard<C>, now: number): boolean {
    return listedAt <= now && (closedAt === null || now - closedAt <= KEPT_MS + (this.#manner.lingerMs ?? 0));
  }

  /** The text of a sequence number. */
  numberText(number: bigint): string {
    return String(number).padStart(this.#manner.digits ?? 1, '0');
  }

  /** Where in a shard the records after a number begin. */
  indexAfter({ records }: ModelShard<C>, number: string): number {
    const index = records.findIndex((record) => compareSequenceNumbers(record.number, number) > 0);
    return index === -1 ? records.length : index;
  }

  #open(parent: ModelShard<C> | null, range: readonly [number, number], from: bigint, now: number, listedAt: number) {
    const id = `shardId-${String(now).padStart(20, '0')}-${this.#random.hex(8)}`;
    this.shards.push({
      id,
      parentId: parent?.id ?? null,
      range,
      records: [],
      firstNumber: from + 1n,
      lastNumber: from + 1n,
      listedAt,
      closedAt: null,
    });
  }
}

function lastOf<C extends TableChange>({ records }: ModelShard<C>): ModelRecord<C> | undefined {
  return records.at(-1);
}

/** Where a key lies in the key space, from 0 to below 1. */
export function keySpaceOf(name: string): number {
  let hash = 7;
  for (const character of name) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
  return (Math.imul(hash, 2_654_435_761) >>> 0) / 2 ** 32;
}
