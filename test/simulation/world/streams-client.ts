import { type ErrorKind, TailraceError } from '../../../src/errors.ts';
import type { IteratorStart, StreamClient, StreamPage } from '../../../src/stream/stream-client.ts';
import type { Story } from '../history/story.ts';
import type { Faults } from './faults.ts';
import type { Process } from './process.ts';
import { wireRecord } from './records.ts';
import type { Scheduler } from './scheduler.ts';
import type { ModelShard, ModelStream } from './stream.ts';
import type { ModelTable } from './table.ts';

/** As long as an iterator lives. */
const ITERATOR_MS = 15 * 60_000;

/** A page that has nothing is answered this late, unless something comes: a day of idle polls would take minutes. */
const IDLE_ANSWER_MS = 10_000;

const PAGE_RECORDS = 4;

export type StreamsClientOptions = {
  readonly scheduler: Scheduler;
  readonly story: Story;
  readonly faults: Faults;
};

type Place = { readonly stream: ModelStream; readonly shard: ModelShard; readonly index: number; readonly at: number };

/** The table's streams as one process reads them by API. */
export function streamsClient(
  table: ModelTable,
  process: Process,
  { scheduler, story, faults }: StreamsClientOptions,
): StreamClient {
  const iterators = new Map<string, Place>();
  const give = (stream: ModelStream, shard: ModelShard, index: number): string => {
    const iterator = `iterator-${iterators.size}`;
    iterators.set(iterator, { stream, shard, index, at: scheduler.now() });
    return iterator;
  };
  const call = <T>(work: () => T | Promise<T>): Promise<T> =>
    process.reach(async () => {
      await scheduler.sleep(5);
      if (faults.throttles > 0) {
        faults.throttles--;
        story.trouble('stream throttled', process.name, 'is throttled');
        throw failure('source-throttled');
      }
      return work();
    });

  function find(arn: string): ModelStream {
    const stream = table.streams.find((candidate) => candidate.arn === arn);
    if (!stream || stream.isGone(scheduler.now())) throw failure('stream-missing');
    return stream;
  }

  function iterator(arn: string, shardId: string, start: IteratorStart): string {
    const stream = find(arn);
    const shard = stream.shards.find(({ id }) => id === shardId);
    const now = scheduler.now();
    if (!shard || stream.isShardGone(shard, now)) throw failure('stream-missing');
    const trimmed = stream.trimmed(shard, now);
    // The product never asks for LATEST. Broken on purpose it may, and is answered as DynamoDB does.
    if (!('sequenceNumber' in start)) {
      return give(stream, shard, start.at === 'TRIM_HORIZON' ? trimmed : shard.records.length);
    }
    const at = shard.records.findIndex(({ number }) => number === start.sequenceNumber);
    if (at === -1) throw new Error(`Shard ${shardId} never had a record ${start.sequenceNumber}`);
    if (at < trimmed) throw failure('stream-trimmed');
    return give(stream, shard, start.at === 'AT_SEQUENCE_NUMBER' ? at : at + 1);
  }

  async function records(token: string, signal: AbortSignal | undefined): Promise<StreamPage> {
    const place = iterators.get(token);
    if (!place) throw new Error(`Iterator ${token} was never given out`);
    const { stream, shard, index, at } = place;
    if (faults.expiredIterators > 0 || scheduler.now() - at > ITERATOR_MS) {
      faults.expiredIterators = Math.max(0, faults.expiredIterators - 1);
      story.trouble('iterator expired', process.name, `finds its iterator of ${shard.id} expired`);
      throw failure('iterator-expired');
    }
    if (stream.isShardGone(shard, scheduler.now())) throw failure('stream-missing');
    if (index < stream.trimmed(shard, scheduler.now())) throw failure('stream-trimmed');
    if (faults.emptyPages > 0) {
      faults.emptyPages--;
      story.trouble('empty page', process.name, `gets an empty page of ${shard.id}`);
      return { records: [], nextIterator: give(stream, shard, index) };
    }
    await somethingIn(shard, index, signal);
    const found = available(shard, index).slice(0, PAGE_RECORDS);
    const next = index + found.length;
    const isEnd = shard.closedAt !== null && next === shard.records.length;
    if (found.length > 0) story.tell(process.name, `reads ${found.map(({ change }) => change.id)} of ${shard.id}`);
    return { records: found.map(wireRecord), nextIterator: isEnd ? null : give(stream, shard, next) };
  }

  function available(shard: ModelShard, index: number) {
    const now = scheduler.now();
    return shard.records.slice(index).filter(({ availableAt }) => availableAt <= now);
  }

  async function somethingIn(shard: ModelShard, index: number, signal: AbortSignal | undefined): Promise<void> {
    const until = scheduler.now() + IDLE_ANSWER_MS;
    while (!signal?.aborted && scheduler.now() < until && available(shard, index).length === 0) {
      const coming = shard.records[index]?.availableAt;
      if (coming === undefined && shard.closedAt !== null) return;
      const { news } = table;
      const ms = coming === undefined ? until - scheduler.now() : coming - scheduler.now();
      await scheduler.sleep(ms, signal ? AbortSignal.any([news, signal]) : news);
    }
  }

  return {
    describe: (arn) =>
      call(() => {
        const stream = find(arn);
        const now = scheduler.now();
        const listed = stream.shards.filter((shard) => shard.listedAt <= now && !stream.isShardGone(shard, now));
        return {
          arn,
          label: stream.label,
          status: stream.statusAt(now),
          viewType: 'NEW_AND_OLD_IMAGES' as const,
          createdAt: stream.createdAt,
          shards: listed.map(({ id, parentId, firstNumber, lastNumber, closedAt }) => ({
            id,
            parentId,
            startingSequenceNumber: String(firstNumber),
            endingSequenceNumber: closedAt === null ? null : String(lastNumber),
          })),
        };
      }),
    iterator: (arn, shardId, start) => call(() => iterator(arn, shardId, start)),
    records: (token, signal) => call(() => records(token, signal)),
  };
}

function failure(kind: ErrorKind): TailraceError {
  return new TailraceError(kind, `The model answers ${kind}`);
}
