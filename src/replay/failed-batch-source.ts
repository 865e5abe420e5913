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

/** A larger batch isn't buffered: it is read twice, so that all of it is checked before any of it is given. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

export type FailedBatchSourceOptions = Expected & {
  readonly batches: FailedBatches;
  /** Whether each batch has been checked as a whole already. */
  readonly isChecked?: boolean;
  /** How ranges are read again; called for the first one. */
  readonly reading: () => Promise<Omit<ReadingOptions, 'streamArn'>>;
  readonly events: ReplayEvents;
};

/**
 * Gives the records of all failed batches of a location.
 *
 * Each batch is checked as a whole before any of it is given: one that isn't recognised, or is another table's, is refused
 * by name and left as it was; the others follow. A batch is acknowledged once all of its pages are, and left if some of its
 * records are lost. Ranges are read from their stream again. Memory holds a few pages, however large a batch is.
 *
 * `pages` throws an error that concerns all batches, such as `source-denied`.
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
        // Records that are in no page yet aren't delivered: the next run must find their batches.
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

/** The items of a batch, after all of it has been checked. */
async function* itemsOf(
  batch: FailedBatch,
  options: FailedBatchSourceOptions,
  signal: AbortSignal,
): AsyncGenerator<FoundItem> {
  const buffered = options.isChecked ? undefined : await checked(batch, options, signal);
  if (buffered) {
    yield* buffered;
    return;
  }
  for await (const found of readFailedBatch(batch, signal)) {
    for (const one of found) yield { ...one, item: checkItem(one.item, options, one.name) };
  }
}

/** Checks all of a batch, and gives its items unless they are too much to buffer. */
async function checked(
  batch: FailedBatch,
  options: FailedBatchSourceOptions,
  signal: AbortSignal,
): Promise<readonly FoundItem[] | undefined> {
  let buffered: FoundItem[] | undefined = [];
  let bytes = 0;
  for await (const found of readFailedBatch(batch, signal)) {
    for (const one of found) {
      const item = checkItem(one.item, options, one.name);
      bytes += one.bytes;
      if (bytes > MAX_BUFFERED_BYTES) buffered = undefined;
      buffered?.push({ ...one, item });
    }
  }
  return buffered;
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
