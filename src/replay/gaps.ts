import type { StreamedChange } from '../changelog/streamed-change.ts';
import type { GapCounts, GapFinder, GapRange, GapSearch } from '../destination/gap-finder.ts';
import type { Transform } from '../privacy/transform.ts';
import type { SourceTable } from '../source/source-table.ts';
import { newCheckpoint } from '../stream/checkpoint.ts';
import type { ReadingOptions } from '../stream/reading-options.ts';
import { readStream } from '../stream/stream-reading.ts';
import type { ReplayEvents } from './deliver.ts';
import { streamedChanges } from './streamed-changes.ts';

/** This many changes are added to the search at once. */
const BATCH = 10_000;

/** This many ranges are asked for at once. */
const PAGE_RANGES = 1_000;

export type FindGapsOptions = ReadingOptions & {
  readonly table: SourceTable;
  readonly destination: GapFinder;
  readonly transform: Transform;
  /** Whether there is a dead letter of this sequence number and time; the time is `null` if the record has none. */
  readonly isParked: (sequenceNumber: string, time: number | null) => boolean;
  /** Changes made after this, in milliseconds since the epoch, may still be in flight. */
  readonly lagCutoff: number;
  readonly events: Pick<ReplayEvents, 'lost'>;
  readonly signal: AbortSignal;
  /** Called with the number of records read so far. */
  readonly onProgress: (records: number) => void;
};

/** The changes that a stream stores and the changelog lacks. Disposing of it leaves nothing behind in the destination. */
export interface Gaps extends AsyncDisposable {
  readonly counts: GapCounts;
  /** Every range, in order of shard and position; each once, however the changelog grows meanwhile. */
  ranges(): AsyncIterable<GapRange>;
}

/**
 * Reads all that a stream stores and looks for it in the changelog, by position and key. The destination compares the two,
 * so memory holds a few pages, however many records there are.
 *
 * @throws {TailraceError} as {@link readStream} and the destination do.
 */
export async function findGaps(options: FindGapsOptions, id: string): Promise<Gaps> {
  const { table, destination, lagCutoff } = options;
  const search = await destination.findGaps(table, id);
  try {
    await addStreamed(search, options);
    const counts = await search.counts(lagCutoff);
    return {
      counts,
      async *ranges() {
        let page = await search.ranges(lagCutoff, PAGE_RANGES, null);
        while (page.length > 0) {
          yield* page;
          page = await search.ranges(lagCutoff, PAGE_RANGES, page.at(-1) ?? null);
        }
      },
      [Symbol.asyncDispose]: () => search[Symbol.asyncDispose](),
    };
  } catch (error) {
    await search[Symbol.asyncDispose]();
    throw error;
  }
}

async function addStreamed(search: GapSearch, options: FindGapsOptions): Promise<void> {
  const { events, onProgress, ...reading } = options;
  let buffered: StreamedChange[] = [];
  let count = 0;
  let adding = Promise.resolve();
  const add = () => {
    const changes = buffered;
    buffered = [];
    adding = adding.then(() => search.add(changes));
    return adding;
  };
  await readStream({
    ...reading,
    checkpoint: newCheckpoint(options.streamArn, ''),
    save: async () => {},
    catchUp: options,
    async take(shardId, records) {
      buffered.push(...streamedChanges(records, { ...options, shardId }));
      count += records.length;
      onProgress(count);
      if (buffered.length >= BATCH) await add();
      return records.length;
    },
    onLoss: events.lost,
  });
  await add();
}
