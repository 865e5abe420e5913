import type { Clock } from '../../src/clock.ts';
import { ModelError } from './model-error.ts';
import type { ModelRecord, ModelShard, ModelStream } from './stream.ts';
import type { TableChange } from './table-change.ts';

/** How long an iterator lives. */
const ITERATOR_MS = 15 * 60_000;

/** Where a read begins, in GetShardIterator's words. */
export type ReadStart = { readonly at: string; readonly sequenceNumber?: string };

/** Where in a shard an iterator stands. */
export type ReadOffset<C extends TableChange> = {
  readonly stream: ModelStream<C>;
  readonly shard: ModelShard<C>;
  readonly index: number;
  readonly at: number;
};

export type ReadPage<C extends TableChange> = {
  readonly records: readonly ModelRecord<C>[];
  /** `null` behind the last record of a closed shard. */
  readonly nextIterator: string | null;
};

export type StreamReadsOptions<C extends TableChange> = {
  /** All streams that ever existed. */
  readonly streams: () => readonly ModelStream<C>[];
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** Aborts when something happens to a stream. */
  readonly news: (stream: ModelStream<C>) => AbortSignal;
};

/** The reading side of streams: what DescribeStream, GetShardIterator and GetRecords do, without a wire. */
export class StreamReads<C extends TableChange> {
  readonly #options: StreamReadsOptions<C>;
  readonly #offsets = new Map<string, ReadOffset<C>>();

  constructor(options: StreamReadsOptions<C>) {
    this.#options = options;
  }

  /** @throws {ModelError} if there is none, or it was switched off a day ago. */
  find(arn: string): ModelStream<C> {
    const stream = this.#options.streams().find((candidate) => candidate.arn === arn);
    if (stream && !stream.isGone(this.#now())) return stream;
    throw new ModelError('ResourceNotFoundException', `Requested resource not found: Stream: ${arn} not found`);
  }

  /** The shards that a description has by now. */
  listed(stream: ModelStream<C>): readonly ModelShard<C>[] {
    return stream.shards.filter((shard) => stream.isListed(shard, this.#now()));
  }

  /**
   * @throws {ModelError} as AWS does: for a shard that is gone, though it may still be listed, and for a number whose
   *   record is.
   */
  iterator(arn: string, shardId: string, { at, sequenceNumber }: ReadStart): string {
    const stream = this.find(arn);
    const shard = stream.shards.find(({ id }) => id === shardId);
    if (!shard || stream.isShardGone(shard, this.#now())) throw invalidShard();
    const trimmed = stream.trimmed(shard, this.#now());
    if (sequenceNumber === undefined) {
      return this.#give(stream, shard, at === 'TRIM_HORIZON' ? trimmed : shard.records.length);
    }
    const index = shard.records.findIndex(({ number }) => number === sequenceNumber);
    // The product never makes up a number.
    if (index === -1) throw new Error(`Shard ${shardId} never had a record ${sequenceNumber}`);
    if (index < trimmed) throw trimmedError(sequenceNumber);
    return this.#give(stream, shard, at === 'AT_SEQUENCE_NUMBER' ? index : index + 1);
  }

  /** Where an iterator stands. @throws {ModelError} if that can't be read any more. */
  offset(iterator: string): ReadOffset<C> {
    const offset = this.#offsets.get(iterator);
    if (!offset) throw new Error(`Iterator ${iterator} was never given out`);
    const { stream, shard, index, at } = offset;
    const now = this.#now();
    if (now - at > ITERATOR_MS) throw new ModelError('ExpiredIteratorException', 'Iterator expired');
    if (stream.isShardGone(shard, now)) throw invalidShard();
    if (index < stream.trimmed(shard, now)) throw trimmedError(shard.records[index]?.number ?? '');
    return offset;
  }

  /** A new iterator at the same offset. */
  again({ stream, shard, index }: ReadOffset<C>): string {
    return this.#give(stream, shard, index);
  }

  /** Waits until there are records, the shard is at its end, or the time is over. */
  async wait({ stream, shard, index }: ReadOffset<C>, ms: number, signal: AbortSignal | undefined): Promise<void> {
    const { clock, news } = this.#options;
    const until = this.#now() + ms;
    while (!signal?.aborted && this.#now() < until && this.#available(shard, index).length === 0) {
      const coming = shard.records[index]?.availableAt;
      if (coming === undefined && shard.closedAt !== null) return;
      const left = coming === undefined ? until - this.#now() : coming - this.#now();
      await clock.sleep(left, signal ? AbortSignal.any([news(stream), signal]) : news(stream));
    }
  }

  /** The records from an offset on, `limit` of them at most. */
  page({ stream, shard, index }: ReadOffset<C>, limit: number): ReadPage<C> {
    const records = this.#available(shard, index).slice(0, limit);
    const next = index + records.length;
    const isEnd = shard.closedAt !== null && next === shard.records.length;
    return { records, nextIterator: isEnd ? null : this.#give(stream, shard, next) };
  }

  #available(shard: ModelShard<C>, index: number): readonly ModelRecord<C>[] {
    const now = this.#now();
    return shard.records.slice(index).filter(({ availableAt }) => availableAt <= now);
  }

  #give(stream: ModelStream<C>, shard: ModelShard<C>, index: number): string {
    const iterator = `${stream.arn}|1|${this.#offsets.size}`;
    this.#offsets.set(iterator, { stream, shard, index, at: this.#now() });
    return iterator;
  }

  #now(): number {
    return this.#options.clock.now();
  }
}

function invalidShard(): ModelError {
  return new ModelError('ResourceNotFoundException', 'Requested resource not found: Invalid ShardId in ShardIterator');
}

function trimmedError(number: string): ModelError {
  return new ModelError('TrimmedDataAccessException', `The data at sequence number ${number} has been trimmed`);
}
