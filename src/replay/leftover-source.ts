import type { KnownTable } from '../destination/known-table.ts';
import { isKind, TailraceError } from '../errors.ts';
import type { ReadingOptions } from '../stream/reading-options.ts';
import type { RecordPage, RecordSource } from '../stream/record-source.ts';
import { checkItem } from './check-item.ts';
import type { Leftover, Leftovers } from './leftover.ts';
import { type RangePage, readRange } from './read-range.ts';
import { recogniseText } from './recognise.ts';
import type { ReplayEvents } from './replay-events.ts';
import type { BatchRange, ReplayItem } from './replay-item.ts';
import { unrecognised } from './unrecognised.ts';

/** Records to a page, at most: what a handler takes at once anywhere else. */
const PAGE_RECORDS = 1_000;

export type LeftoverSourceOptions = {
  readonly leftovers: Leftovers;
  /** The table whose records these must be: an earlier one of its name has the same ARN. */
  readonly known: KnownTable;
  /** The stream of records that don't name it themselves. */
  readonly streamArn: string | null;
  /** How ranges are read again; asked for with the first one. */
  readonly reading: () => Promise<Omit<ReadingOptions, 'streamArn'>>;
  readonly events: ReplayEvents;
};

/**
 * Gives the records of everything that failures left behind in a place.
 *
 * Each thing is looked at as a whole before any of it is given: what isn't recognised, or is another table's, is left as
 * it was, by name, and the rest goes on. It is settled once all of its pages are acknowledged, and kept if some of its
 * records are lost. Ranges are read from their stream again.
 *
 * `pages` throws what concerns all of it, such as `source-denied`.
 */
export function leftoverSource(options: LeftoverSourceOptions): RecordSource {
  return {
    async *pages(signal) {
      for await (const leftover of options.leftovers.all(signal)) {
        if (signal.aborted) return;
        const items = await itemsOf(leftover, options).catch(refusal);
        if (items instanceof TailraceError) {
          await leftover.keep();
          options.events.refused(leftover.name, items);
        } else {
          yield* pagesOf(leftover, items, options, signal);
        }
      }
    },
    close: () => options.leftovers.close(),
  };
}

async function itemsOf(leftover: Leftover, options: LeftoverSourceOptions): Promise<readonly ReplayItem[]> {
  const found = recogniseText(await leftover.text());
  if ('problem' in found) {
    throw unrecognised(leftover.name, found.problem);
  }
  return found.items.map((item) => checkItem(item, options.known, options.streamArn, leftover.name));
}

/** What concerns one thing alone; everything else concerns them all. */
function refusal(error: unknown): TailraceError {
  if (isKind(error, 'event-invalid', 'record-foreign', 'stream-view-type')) return error;
  throw error;
}

async function* pagesOf(
  leftover: Leftover,
  items: readonly ReplayItem[],
  options: LeftoverSourceOptions,
  signal: AbortSignal,
): AsyncGenerator<RecordPage> {
  let pending = 0;
  let isRead = false;
  let isLost = false;
  let isEnded = false;
  const end = async (isWhole: boolean) => {
    if (isEnded) return;
    isEnded = true;
    await (isWhole ? leftover.settle() : leftover.keep());
  };
  const acknowledge = async () => {
    pending--;
    if (isRead && pending === 0) await end(!isLost);
  };
  try {
    for (const item of items) {
      for await (const { lost, ...page } of item.of === 'range'
        ? rangePages(item, options, signal)
        : storedPages(item)) {
        isLost ||= lost;
        if (page.records.length === 0) continue;
        pending++;
        yield { ...page, acknowledge };
      }
    }
    isRead = !signal.aborted;
    if (isRead && pending === 0) await end(!isLost);
  } finally {
    // Given up half way: whoever comes next must find it.
    if (!isRead) await end(false);
  }
}

type ItemPage = Omit<RecordPage, 'acknowledge'> & { readonly lost: boolean };

function* storedPages(item: ReplayItem & { of: 'records' }): Generator<ItemPage> {
  const { records, shardId, firstArrivalAt, rules } = item;
  for (let from = 0; from < records.length; from += PAGE_RECORDS) {
    yield { records: records.slice(from, from + PAGE_RECORDS), shardId, firstArrivalAt, rules, lost: false };
  }
}

async function* rangePages(
  range: BatchRange,
  { reading, events }: LeftoverSourceOptions,
  signal: AbortSignal,
): AsyncGenerator<ItemPage> {
  const { shardId, firstArrivalAt, streamArn } = range;
  const pages: AsyncIterable<RangePage> = readRange(range, { ...(await reading()), streamArn }, signal);
  for await (const { records, loss } of pages) {
    if (loss) events.lost(loss);
    yield { records, shardId, firstArrivalAt, rules: null, lost: loss !== null };
  }
}
