import type { Random } from '../../../src/random.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import type { AttributeMap } from '../../../src/value/attribute-value.ts';
import type { Story } from '../history/story.ts';
import { type Change, isReadable } from './change.ts';
import type { Scheduler } from './scheduler.ts';
import { type ModelRecord, ModelStream } from './stream.ts';

export const TABLE: SourceTable = {
  name: 'Orders',
  arn: 'arn:aws:dynamodb:eu-central-1:123456789012:table/Orders',
  tableId: '11111111-2222-3333-4444-555555555555',
};

/** Why the bell is rung. Without a reason each ringing would make an error, stack and all. */
const RUNG = 'news';

export type TableOptions = {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly story: Story;
  readonly shardCount: number;
  /** Below which the numbers of the first stream begin. */
  readonly firstNumber: bigint;
};

/** A DynamoDB table with its streams, one after the other: what is true, whatever arrives where. */
export class ModelTable {
  readonly items = new Map<string, AttributeMap>();
  readonly changes: Change[] = [];
  readonly streams: ModelStream[] = [];
  readonly #options: TableOptions;
  #values = 0;
  #news = new AbortController();

  constructor(options: TableOptions) {
    this.#options = options;
  }

  /** The stream that is on; `undefined` if none is. */
  get stream(): ModelStream | undefined {
    const last = this.streams.at(-1);
    return last?.closedAt === null ? last : undefined;
  }

  /** Writes an item that differs from every one before; an unreadable one holds half a surrogate pair. */
  put(name: string, { unreadable = false } = {}): Change {
    const after: AttributeMap = {
      id: { S: name },
      value: { N: String(++this.#values) },
      ...(unreadable && { note: { S: '\ud800' } }),
    };
    this.#options.story.tell('writer', `puts ${name} = ${this.#values}${unreadable ? ', which no JSON can hold' : ''}`);
    return this.#change(name, after, false);
  }

  /** Writes an item as it is: no change, no record. */
  putSame(name: string): void {
    if (!this.items.has(name)) return;
    this.#options.story.trouble('no-op write', 'writer', `puts ${name} as it is`);
  }

  remove(name: string, { expired = false } = {}): Change | undefined {
    if (!this.items.has(name)) return undefined;
    if (expired) this.#options.story.trouble('ttl removal', 'time to live', `removes ${name}`);
    else this.#options.story.tell('writer', `removes ${name}`);
    return this.#change(name, null, expired);
  }

  /** Switches a stream on. */
  enableStream(enablingMs: number, lateMs: number): ModelStream {
    const { scheduler, random, shardCount, firstNumber } = this.#options;
    const stream = new ModelStream({
      tableArn: TABLE.arn,
      now: scheduler.now(),
      enablingMs,
      lateMs,
      shardCount,
      // A new stream's numbers may start lower than the last one's.
      firstNumber: this.streams.length === 0 ? firstNumber : firstNumber / 10n ** BigInt(this.streams.length),
      random,
    });
    this.streams.push(stream);
    this.#options.story.tell('table', `has a new stream ${stream.label}`);
    this.ring();
    return stream;
  }

  disableStream(): void {
    this.stream?.close(this.#options.scheduler.now());
    this.#options.story.tell('table', 'has its stream switched off');
    this.ring();
  }

  /** The item as it was at a moment: what a read may give that isn't strongly consistent. */
  itemAt(name: string, time: number): AttributeMap | null {
    for (let index = this.changes.length - 1; index >= 0; index--) {
      const change = this.changes[index];
      if (change?.name === name && change.at <= time) return change.after;
    }
    return null;
  }

  /** Every name that ever was an item's. */
  names(): readonly string[] {
    return [...new Set(this.changes.map(({ name }) => name))];
  }

  /** Wakes whoever waits for {@link news}. */
  ring(): void {
    const rung = this.#news;
    this.#news = new AbortController();
    rung.abort(RUNG);
  }

  /** Aborts when something happens to the streams. */
  get news(): AbortSignal {
    return this.#news.signal;
  }

  #change(name: string, after: AttributeMap | null, expired: boolean): Change {
    const { scheduler, story } = this.#options;
    const change: Change = {
      id: this.changes.length,
      name,
      at: scheduler.now(),
      before: this.items.get(name) ?? null,
      after,
      expired,
      label: this.#labelNow(),
      number: null,
      shardId: null,
      visibleAt: null,
      isLettered: false,
      isParked: false,
    };
    this.changes.push(change);
    if (after) this.items.set(name, after);
    else this.items.delete(name);
    if (!isReadable(after)) story.trouble('unreadable item', 'writer', `of ${name}, change ${change.id}`);
    const { stream } = this;
    if (stream && change.at >= stream.capturesFrom) this.#capture(stream, change);
    else if (this.streams.length > 0) story.trouble('change between streams', 'stream', `keeps nothing of ${name}`);
    return change;
  }

  #capture(stream: ModelStream, change: Change): void {
    const record: ModelRecord = stream.capture(change);
    const earlier = this.changes.findLast(({ name, id }) => name === change.name && id < change.id)?.number;
    if (earlier && earlier.length !== record.number.length)
      this.#options.story.trouble('digits grew', 'stream', 'gives numbers of one digit more');
    this.ring();
  }

  /** The stream whose records a change of now would stand behind. */
  #labelNow(): string {
    const now = this.#options.scheduler.now();
    return this.streams.findLast(({ capturesFrom }) => capturesFrom <= now)?.label ?? '';
  }
}
