import { ownTimeOf } from '../record/creation-time.ts';
import type { RecordPage } from '../stream/record-source.ts';
import type { BatchProgress } from './batch-progress.ts';
import type { BatchRecords } from './replay-item.ts';

/** Records to a page, at most: as many as Lambda and a tail give a handler at once. */
const PAGE_RECORDS = 1_000;

/** Bytes of JSON to a page, at most, unless one item has more. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** Records that stood in one list of a failed batch: Lambda delivered them together. */
type RecordGroup = { readonly of: BatchProgress; readonly number: number };

type Filling = Omit<BatchRecords, 'of' | 'records'> & {
  readonly records: unknown[];
  bytes: number;
  /** Whether every record has a time of its own. */
  isTimed: boolean;
  /** The failed batches that its records are from, once for each group. */
  readonly owners: BatchProgress[];
};

/**
 * Fills pages with records as they are found. Many small batches share a page: an append costs a destination about the same
 * for one row as for a thousand.
 *
 * A record without a time takes the earliest of its page, which has to be of its own group. So only groups whose records all
 * have times share a page.
 */
export class PageFiller {
  /** The group that is being read. */
  #open: (Filling & { readonly group: RecordGroup }) | undefined;
  /** Groups that were read. */
  #page: Filling | undefined;

  /** Adds records, and gives the pages that this fills. */
  *add(item: BatchRecords, group: RecordGroup, bytes: number): Generator<RecordPage> {
    if (this.#open && (this.#open.group.of !== group.of || this.#open.group.number !== group.number))
      yield* this.#close();
    const { shardId, firstArrivalAt, rules } = item;
    let isFirst = true;
    for (const record of item.records) {
      this.#open ??= opened({ shardId, firstArrivalAt, rules }, group);
      this.#open.records.push(record);
      this.#open.isTimed &&= ownTimeOf(record) !== null;
      if (isFirst) this.#open.bytes += bytes;
      isFirst = false;
      if (this.#open.records.length >= PAGE_RECORDS || this.#open.bytes >= PAGE_BYTES) yield* this.#close();
    }
  }

  /** The remaining records, as pages that aren't full. */
  *rest(): Generator<RecordPage> {
    yield* this.#close();
    if (this.#page) yield pageOf(this.#page);
    this.#page = undefined;
  }

  /** Leaves the batches whose records are in no page yet. */
  async drop(): Promise<void> {
    for (const owner of [...(this.#page?.owners ?? []), ...(this.#open?.owners ?? [])]) await owner.leave();
    this.#page = undefined;
    this.#open = undefined;
  }

  /** Adds the group to the page, or begins another page with it. */
  *#close(): Generator<RecordPage> {
    const [group, page] = [this.#open, this.#page];
    if (!group) return;
    this.#open = undefined;
    if (page && canShare(page, group)) {
      for (const record of group.records) page.records.push(record);
      page.owners.push(...group.owners);
      page.bytes += group.bytes;
      return;
    }
    if (page) yield pageOf(page);
    this.#page = group;
  }
}

function opened(
  meta: Omit<BatchRecords, 'of' | 'records'>,
  group: RecordGroup,
): Filling & { readonly group: RecordGroup } {
  group.of.pageGiven();
  return { ...meta, records: [], bytes: 0, isTimed: true, owners: [group.of], group };
}

function canShare(page: Filling, group: Filling): boolean {
  return (
    page.shardId === group.shardId &&
    page.rules === group.rules &&
    page.records.length + group.records.length <= PAGE_RECORDS &&
    page.bytes + group.bytes <= PAGE_BYTES &&
    page.isTimed &&
    group.isTimed
  );
}

function pageOf({ records, shardId, firstArrivalAt, rules, owners }: Filling): RecordPage {
  const acknowledge = async () => {
    for (const owner of owners) await owner.pageAcknowledged();
  };
  return { records, shardId, firstArrivalAt, rules, acknowledge };
}
