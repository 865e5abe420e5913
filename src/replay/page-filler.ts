import { ownTimeOf } from '../record/creation-time.ts';
import type { RecordPage } from '../stream/record-source.ts';
import type { BatchProgress } from './batch-progress.ts';
import type { BatchRecords } from './replay-item.ts';

/** Records to a page, at most: what a handler takes at once anywhere else. */
const PAGE_RECORDS = 1_000;

/** Bytes of JSON to a page, at most, unless one item has more. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** Records that were one batch, of one batch. */
type RecordGroup = { readonly of: BatchProgress; readonly number: number };

type Filling = Omit<BatchRecords, 'of' | 'records'> & {
  readonly records: unknown[];
  bytes: number;
  /** Whether each of them has a time of its own. */
  isTimed: boolean;
  /** Each batch that some of it is from, once for each of its batches. */
  readonly owners: BatchProgress[];
};

/**
 * Fills pages with records as they are found, those of many small things together: an append costs a destination about
 * the same for one row as for a thousand.
 *
 * A record without a time takes the earliest of its page, which has to be its batch's. So only batches whose records all
 * have times share a page.
 */
export class PageFiller {
  /** The batch that is being read. */
  #open: (Filling & { readonly batch: RecordGroup }) | undefined;
  /** Batches that were read. */
  #page: Filling | undefined;

  /** Adds records, and gives the pages that this fills. */
  *add(item: BatchRecords, batch: RecordGroup, bytes: number): Generator<RecordPage> {
    if (this.#open && (this.#open.batch.of !== batch.of || this.#open.batch.number !== batch.number))
      yield* this.#close();
    const { shardId, firstArrivalAt, rules } = item;
    let isFirst = true;
    for (const record of item.records) {
      this.#open ??= opened({ shardId, firstArrivalAt, rules }, batch);
      this.#open.records.push(record);
      this.#open.isTimed &&= ownTimeOf(record) !== null;
      if (isFirst) this.#open.bytes += bytes;
      isFirst = false;
      if (this.#open.records.length >= PAGE_RECORDS || this.#open.bytes >= PAGE_BYTES) yield* this.#close();
    }
  }

  /** What is left, as pages that aren't full. */
  *rest(): Generator<RecordPage> {
    yield* this.#close();
    if (this.#page) yield pageOf(this.#page);
    this.#page = undefined;
  }

  /** Gives up what is in no page yet. */
  async drop(): Promise<void> {
    for (const owner of [...(this.#page?.owners ?? []), ...(this.#open?.owners ?? [])]) await owner.leave();
    this.#page = undefined;
    this.#open = undefined;
  }

  /** Puts the batch into the page, or ends the page before it. */
  *#close(): Generator<RecordPage> {
    const [batch, page] = [this.#open, this.#page];
    if (!batch) return;
    this.#open = undefined;
    if (page && canShare(page, batch)) {
      for (const record of batch.records) page.records.push(record);
      page.owners.push(...batch.owners);
      page.bytes += batch.bytes;
      return;
    }
    if (page) yield pageOf(page);
    this.#page = batch;
  }
}

function opened(
  meta: Omit<BatchRecords, 'of' | 'records'>,
  batch: RecordGroup,
): Filling & { readonly batch: RecordGroup } {
  batch.of.pageGiven();
  return { ...meta, records: [], bytes: 0, isTimed: true, owners: [batch.of], batch };
}

function canShare(page: Filling, batch: Filling): boolean {
  return (
    page.shardId === batch.shardId &&
    page.rules === batch.rules &&
    page.records.length + batch.records.length <= PAGE_RECORDS &&
    page.bytes + batch.bytes <= PAGE_BYTES &&
    page.isTimed &&
    batch.isTimed
  );
}

function pageOf({ records, shardId, firstArrivalAt, rules, owners }: Filling): RecordPage {
  const acknowledge = async () => {
    for (const owner of owners) await owner.pageAcknowledged();
  };
  return { records, shardId, firstArrivalAt, rules, acknowledge };
}
