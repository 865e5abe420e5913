import type { Clock } from '../../../src/clock.ts';
import { type ErrorKind, TailraceError } from '../../../src/errors.ts';
import type { StreamClient, StreamPage } from '../../../src/stream/stream-client.ts';
import { ModelError, type ModelErrorType } from '../../model/model-error.ts';
import { StreamReads } from '../../model/stream-reads.ts';
import type { Story } from '../history/story.ts';
import type { Faults } from './faults.ts';
import type { Process } from './process.ts';
import { wireRecord } from './records.ts';
import type { SimulatedTable } from './table.ts';

/** How late an empty page is answered, unless a record comes: a day of idle polls would take minutes. */
const IDLE_ANSWER_MS = 10_000;

const PAGE_RECORDS = 4;

export type StreamsClientOptions = {
  readonly scheduler: Clock;
  readonly story: Story;
  readonly faults: Faults;
};

/** The table's streams as one process reads them by the API. */
export function streamsClient(
  table: Pick<SimulatedTable, 'streams' | 'news'>,
  process: Process,
  { scheduler, story, faults }: StreamsClientOptions,
): StreamClient {
  const reads = new StreamReads({ streams: () => table.streams, clock: scheduler, news: () => table.news });
  const call = <T>(work: () => T | Promise<T>): Promise<T> =>
    process.reach(async () => {
      await scheduler.sleep(5);
      if (faults.take('stream', 'throttle')) {
        story.trouble('stream throttled', process.name, 'is throttled');
        throw failure('source-throttled');
      }
      try {
        return await work();
      } catch (error) {
        throw error instanceof ModelError ? failure(KINDS[error.type]) : error;
      }
    });

  async function records(iterator: string, signal: AbortSignal | undefined): Promise<StreamPage> {
    if (faults.take('stream', 'expire')) throw new ModelError('ExpiredIteratorException', 'by a fault');
    const offset = reads.offset(iterator);
    if (faults.take('stream', 'empty-page')) {
      story.trouble('empty page', process.name, `gets an empty page of ${offset.shard.id}`);
      return { records: [], nextIterator: reads.again(offset) };
    }
    await reads.wait(offset, IDLE_ANSWER_MS, signal);
    const page = reads.page(offset, PAGE_RECORDS);
    const ids = page.records.map(({ change }) => change.id);
    if (ids.length > 0) story.tell(process.name, `reads ${ids} of ${offset.shard.id}`);
    return { records: page.records.map(wireRecord), nextIterator: page.nextIterator };
  }

  return {
    describe: (arn) =>
      call(() => {
        const stream = reads.find(arn);
        return {
          arn,
          label: stream.label,
          status: stream.statusAt(scheduler.now()),
          viewType: 'NEW_AND_OLD_IMAGES' as const,
          createdAt: stream.createdAt,
          shards: reads.listed(stream).map(({ id, parentId, firstNumber, lastNumber, closedAt }) => ({
            id,
            parentId,
            startingSequenceNumber: stream.numberText(firstNumber),
            endingSequenceNumber: closedAt === null ? null : stream.numberText(lastNumber),
          })),
        };
      }),
    // The product never asks for LATEST. A breakage does, and gets DynamoDB's answer.
    iterator: (arn, shardId, start) => call(() => reads.iterator(arn, shardId, start)),
    records: (iterator, signal) =>
      call(() =>
        records(iterator, signal).catch((error: unknown) => {
          if (error instanceof ModelError && error.type === 'ExpiredIteratorException')
            story.trouble('iterator expired', process.name, 'finds its iterator expired');
          throw error;
        }),
      ),
  };
}

const KINDS: Readonly<Record<ModelErrorType, ErrorKind>> = {
  ResourceNotFoundException: 'stream-missing',
  TrimmedDataAccessException: 'stream-trimmed',
  ExpiredIteratorException: 'iterator-expired',
  ResourceInUseException: 'source-unavailable',
  ValidationException: 'source-invalid',
};

function failure(kind: ErrorKind): TailraceError {
  return new TailraceError(kind, `The model answers ${kind}`);
}
