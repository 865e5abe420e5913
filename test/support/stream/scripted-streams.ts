import { type ErrorKind, TailraceError } from '../../../src/errors.ts';
import { compareSequenceNumbers } from '../../../src/order/position.ts';
import { streamArn } from '../../../src/order/stream-arn.ts';
import type { IteratorStart, StreamClient, StreamDescription, StreamPage } from '../../../src/stream/stream-client.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import { type Fault, FaultScript } from '../faults.ts';
import { STREAM_ARN } from './record.ts';

/** As long as an iterator lives on AWS. */
const ITERATOR_MS = 15 * 60_000;

type ScriptedShard = {
  readonly id: string;
  readonly parentId: string | null;
  readonly records: ScriptedRecord[];
  /** When descriptions begin to list it: they lag behind the stream. */
  readonly listedAt: number;
  open: boolean;
  listed: boolean;
  /** How many records, from the first, have been trimmed. */
  trimmed: number;
  /** Whether the stream has dropped it, listed or not. */
  gone: boolean;
};

/** The parts of a record that order and lineage depend on. */
export type ScriptedRecord = { readonly sequenceNumber: string; readonly key: string; readonly at: number };

export type ShardScript = {
  readonly parent?: string;
  /** Sequence number and key of each record. */
  readonly records?: readonly (readonly [string, string])[];
  readonly open?: boolean;
  /** Milliseconds since the epoch. */
  readonly listedAt?: number;
};

/** A fault, or the kind of error that says why the stream can't be read at all. */
export type StreamFault = keyof typeof ERRORS | 'empty-page' | Exclude<ErrorKind, (typeof ERRORS)[keyof typeof ERRORS]>;

/** The errors that the product's own client would reject with. */
const ERRORS = {
  throttle: 'source-throttled',
  refuse: 'source-unavailable',
  expire: 'iterator-expired',
} as const satisfies Partial<Record<Fault, ErrorKind>>;

export type Call = 'describe' | 'iterator' | 'records';

/**
 * A stream by script: shards that split, close, get trimmed and are listed late, iterators that expire, and faults. It is
 * strict: an iterator or a number that it never gave out throws.
 */
export class ScriptedStreams implements StreamClient {
  readonly arn: string;
  readonly shards = new Map<string, ScriptedShard>();
  /** Every call, in order, such as `iterator shard-1 AFTER_SEQUENCE_NUMBER 12`. */
  readonly calls: string[] = [];
  clock: VirtualClock;
  status: StreamDescription['status'] = 'ENABLED';
  pageSize = 3;
  /** When it was switched on. */
  createdAt = 0;
  /** Called before each call for which no fault is planned. */
  faultOf: (call: Call, shardId: string | null) => StreamFault | null = () => null;
  /** GetRecords' form of a record. */
  recordOf: (record: ScriptedRecord) => unknown = toRecord;
  /** Awaited before each call and before its answer. */
  step: () => Promise<void> = () => Promise.resolve();
  readonly #iterators = new Map<string, { shard: ScriptedShard; index: number; givenAt: number }>();
  readonly #faults = new FaultScript<Call, StreamFault>();

  constructor(clock: VirtualClock, arn = STREAM_ARN) {
    this.clock = clock;
    this.arn = arn;
  }

  shard(id: string, { parent, records = [], open = false, listedAt = 0 }: ShardScript = {}): this {
    if (this.shards.has(id)) throw new Error(`Shard ${id} is there already`);
    const shard = { id, parentId: parent ?? null, records: [], listedAt, open, listed: true, trimmed: 0, gone: false };
    this.shards.set(id, shard);
    for (const [sequenceNumber, key] of records) this.append(id, sequenceNumber, key);
    return this;
  }

  append(shardId: string, sequenceNumber: string, key: string): void {
    this.#shard(shardId).records.push({ sequenceNumber, key, at: this.clock.now() });
  }

  close(shardId: string): void {
    this.#shard(shardId).open = false;
  }

  /** Drops a shard's records below a sequence number. */
  trim(shardId: string, below: string): void {
    const shard = this.#shard(shardId);
    shard.trimmed = shard.records.filter(
      ({ sequenceNumber }) => compareSequenceNumbers(sequenceNumber, below) < 0,
    ).length;
  }

  /** Drops a shard, as a stream does a day after it was closed. */
  drop(shardId: string, { listed = false } = {}): void {
    const shard = this.#shard(shardId);
    shard.gone = true;
    shard.listed = listed;
  }

  /** Plans the faults of the next calls of a sort, in this order. */
  failNext(call: Call, ...faults: readonly StreamFault[]): void {
    this.#faults.failNext(call, ...faults);
  }

  async describe(arn: string, signal?: AbortSignal): Promise<StreamDescription> {
    await this.#begin('describe', null, 'describe', signal);
    if (arn !== this.arn) throw new Error(`Stream ${arn} was not expected`);
    const now = this.clock.now();
    const answer: StreamDescription = {
      arn,
      label: streamArn(arn).label,
      status: this.status,
      viewType: 'NEW_AND_OLD_IMAGES',
      createdAt: this.createdAt,
      shards: [...this.shards.values()]
        .filter(({ listed, listedAt }) => listed && listedAt <= now)
        .map(({ id, parentId, records, open }) => ({
          id,
          parentId,
          startingSequenceNumber: records[0]?.sequenceNumber ?? null,
          endingSequenceNumber: open ? null : (records.at(-1)?.sequenceNumber ?? null),
        })),
    };
    await this.step();
    return answer;
  }

  async iterator(arn: string, shardId: string, start: IteratorStart, signal?: AbortSignal): Promise<string> {
    const number = start.at === 'TRIM_HORIZON' ? '' : ` ${start.sequenceNumber}`;
    await this.#begin('iterator', shardId, `iterator ${shardId} ${start.at}${number}`, signal);
    if (arn !== this.arn) throw new Error(`Stream ${arn} was not expected`);
    const shard = this.#shard(shardId);
    if (shard.gone) throw failure('stream-missing', shardId);
    const iterator = this.#give(shard, indexOf(shard, start));
    await this.step();
    return iterator;
  }

  async records(iterator: string, signal?: AbortSignal): Promise<StreamPage> {
    const offset = this.#iterators.get(iterator);
    if (!offset) throw new Error(`Iterator ${iterator} was never given out`);
    const { shard, index, givenAt } = offset;
    const fault = await this.#begin('records', shard.id, `records ${shard.id}`, signal);
    if (shard.gone) throw failure('stream-missing', shard.id);
    if (this.clock.now() - givenAt > ITERATOR_MS) throw failure('iterator-expired', shard.id);
    if (index < shard.trimmed) throw failure('stream-trimmed', shard.id);

    const records = fault === 'empty-page' ? [] : shard.records.slice(index, index + this.pageSize);
    const next = index + records.length;
    const end = !shard.open && next === shard.records.length && fault === null;
    const page = { records: records.map(this.recordOf), nextIterator: end ? null : this.#give(shard, next) };
    await this.step();
    return page;
  }

  async #begin(
    call: Call,
    shardId: string | null,
    line: string,
    signal: AbortSignal | undefined,
  ): Promise<StreamFault | null> {
    signal?.throwIfAborted();
    this.calls.push(line);
    await this.step();
    const fault = this.#faults.take(call) ?? this.faultOf(call, shardId);
    if (fault !== null && fault !== 'empty-page') {
      throw failure(fault in ERRORS ? ERRORS[fault as keyof typeof ERRORS] : (fault as ErrorKind), shardId ?? 'stream');
    }
    return fault;
  }

  #give(shard: ScriptedShard, index: number): string {
    const iterator = `iterator-${this.#iterators.size}`;
    this.#iterators.set(iterator, { shard, index, givenAt: this.clock.now() });
    return iterator;
  }

  #shard(id: string): ScriptedShard {
    const shard = this.shards.get(id);
    if (!shard) throw new Error(`There is no shard ${id}`);
    return shard;
  }
}

function indexOf(shard: ScriptedShard, start: IteratorStart): number {
  if (start.at === 'TRIM_HORIZON') return shard.trimmed;
  const index = shard.records.findIndex(({ sequenceNumber }) => sequenceNumber === start.sequenceNumber);
  if (index === -1) throw new Error(`Shard ${shard.id} has no record ${start.sequenceNumber}`);
  if (index < shard.trimmed) throw failure('stream-trimmed', shard.id);
  return start.at === 'AT_SEQUENCE_NUMBER' ? index : index + 1;
}

/** GetRecords' shape, which names no stream. */
function toRecord({ sequenceNumber, key, at }: ScriptedRecord) {
  return {
    eventID: `event-${sequenceNumber}`,
    eventName: 'MODIFY',
    eventSource: 'aws:dynamodb',
    dynamodb: {
      ApproximateCreationDateTime: new Date(at),
      Keys: { id: { S: key } },
      NewImage: { id: { S: key } },
      SequenceNumber: sequenceNumber,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  };
}

function failure(kind: ErrorKind, where: string): TailraceError {
  return new TailraceError(kind, `Scripted ${kind} at ${where}`);
}
