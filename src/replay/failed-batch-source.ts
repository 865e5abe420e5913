import type { ReadingOptions } from '../stream/reading-options.ts';
import type { RecordPage, RecordSource } from '../stream/record-source.ts';
import { BatchProgress } from './batch-progress.ts';
import { checkItem, type Expected } from './check-item.ts';
import type { ReplayEvents } from './deliver.ts';
import type { FailedBatch, FailedBatches } from './failed-batch.ts';
import { PageFiller } from './page-filler.ts';
import { type FoundItem, readFailedBatch, refusal } from './read-failed-batch.ts';
import { readRange } from './read-range.ts';
import type { BatchRange } from './replay-item.ts';

/** What is larger is read twice, to be looked at as a whole before any of it is given, rather than held in memory. */
const MAX_HELD_BYTES = 8 * 1024 * 1024;

export type FailedBatchSourceOptions = Expected & {
  readonly batches: FailedBatches;
  /** Whether each thing has been looked at as a whole already. */
  readonly isChecked?: boolean;
  /** How ranges are read again; asked for with the first one. */
  readonly reading: () => Promise<Omit<ReadingOptions, 'streamArn'>>;
  readonly events: ReplayEvents;
};

/**
 * Gives the records of everything that failures left behind in a place.
 *
 * Each thing is looked at as a whole before any of it is given: what isn't recognised, or is another table's, is left as
 * it was, by name, and the rest goes on. It is settled once all of its pages are acknowledged, and kept if some of its
 * records are lost. Ranges are read from their stream again. Memory holds a few pages, however large a thing is.
 *
 * `pages` throws what concerns all of it, such as `source-denied`.
 */
export function failedBatchSource(options: FailedBatchSourceOptions): RecordSource {
  return {
    async *pages(signal) {
      const filler = new PageFiller();
      try {
        for await (const batch of options.batches.all(signal)) {
          if (signal.aborted) return;
          yield* pagesOf(batch, filler, options, signal);
        }
        if (!signal.aborted) yield* filler.rest();
      } finally {
        // Given up half way: whoever comes next must find it.
        await filler.drop();
      }
    },
    close: () => options.batches.close(),
  };
}

async function* pagesOf(
  batch: FailedBatch,
  filler: PageFiller,
  options: FailedBatchSourceOptions,
  signal: AbortSignal,
): AsyncGenerator<RecordPage> {
  const progress = new BatchProgress(batch);
  let isRead = false;
  try {
    for await (const { item, group, bytes } of itemsOf(batch, options, signal)) {
      if (item.of === 'records') yield* filler.add(item, { of: progress, number: group }, bytes);
      else {
        yield* filler.rest();
        yield* rangePages(item, progress, options, signal);
      }
      if (signal.aborted) return;
    }
    isRead = true;
    await progress.readToEnd();
  } catch (error) {
    const refused = refusal(error);
    await progress.leave();
    options.events.refused(batch.name, refused);
  } finally {
    if (!isRead) await progress.leave();
  }
}

/** What is in a thing, once all of it has been looked at. */
async function* itemsOf(
  batch: FailedBatch,
  options: FailedBatchSourceOptions,
  signal: AbortSignal,
): AsyncGenerator<FoundItem> {
  const held = options.isChecked ? undefined : await checked(batch, options, signal);
  if (held) {
    yield* held;
    return;
  }
  for await (const found of readFailedBatch(batch, signal)) {
    for (const one of found) yield { ...one, item: checkItem(one.item, options, one.name) };
  }
}

/** Everything in a thing, if that isn't too much to hold. Throws what is wrong with any of it. */
async function checked(
  batch: FailedBatch,
  options: FailedBatchSourceOptions,
  signal: AbortSignal,
): Promise<readonly FoundItem[] | undefined> {
  let held: FoundItem[] | undefined = [];
  let bytes = 0;
  for await (const found of readFailedBatch(batch, signal)) {
    for (const one of found) {
      const item = checkItem(one.item, options, one.name);
      bytes += one.bytes;
      if (bytes > MAX_HELD_BYTES) held = undefined;
      held?.push({ ...one, item });
    }
  }
  return held;
}

async function* rangePages(
  range: BatchRange,
  progress: BatchProgress,
  { reading, events }: FailedBatchSourceOptions,
  signal: AbortSignal,
): AsyncGenerator<RecordPage> {
  const { shardId, firstArrivalAt, streamArn } = range;
  for await (const { records, loss } of readRange(range, { ...(await reading()), streamArn }, signal)) {
    if (loss) {
      progress.partLost();
      events.lost(loss);
    }
    if (records.length === 0) continue;
    progress.pageGiven();
    yield { records, shardId, firstArrivalAt, rules: null, acknowledge: () => progress.pageAcknowledged() };
  }
}
