import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DeadLetters } from '../src/delivery/dead-letter.ts';
import { SNAPSHOT_FORM } from '../src/destination/row-form.ts';
import type { SnapshotStore } from '../src/destination/snapshot-store.ts';
import { policyFor } from '../src/error-policy.ts';
import { TailraceError } from '../src/errors.ts';
import type { Transform } from '../src/privacy/transform.ts';
import { type SnapshotRow, toSnapshotRow } from '../src/snapshot/row.ts';
import type { SnapshotId } from '../src/snapshot/snapshot-id.ts';
import type { TableDescription } from '../src/source/table-reader.ts';
import type { AttributeMap } from '../src/value/attribute-value.ts';
import type { SegmentProgress } from './checkpoint.ts';
import { RowSpool } from './row-spool.ts';
import type { SegmentPage } from './scan.ts';
import { letterOfItem } from './unreadable-item.ts';

/** What a segment's first chunks hold: loaded soon, so that little is read again by a process that was killed. */
const FIRST_CHUNK_ROWS = 10_000;
const FIRST_CHUNK_CHARACTERS = 8 * 1024 * 1024;
/**
 * Chunks double after this many loads of all segments, up to what the destination takes. BigQuery takes 1,500 loads into
 * a table a day: with chunks of one size, a snapshot of 10 GB would stop in its middle.
 * Source: <https://docs.cloud.google.com/bigquery/quotas#load_jobs>
 */
const LOADS_OF_A_SIZE = 160;

export type SnapshotLoaderOptions = {
  readonly description: TableDescription;
  readonly id: SnapshotId;
  readonly destination: Pick<SnapshotStore, 'loadSnapshot' | 'maxLoadCharacters'>;
  readonly deadLetters: DeadLetters;
  readonly transform: Transform;
  readonly now: () => number;
  /** How far each segment has come before. */
  readonly segments: readonly SegmentProgress[];
  /** After how many rows one of the first chunks is loaded, at the end of a page. */
  readonly maxChunkRows?: number | undefined;
  /** The directory that holds what was read and isn't loaded. It is the loader's alone: what is in it goes. */
  readonly spool: string;
  /** Told when a segment has come further, and waited for before it is read on. */
  readonly onDurable: () => Promise<void>;
};

/** What was loaded so far. */
export type LoadCounts = {
  /** Rows that the destination said are durable. */
  readonly rows: number;
  /** Items that can't be carried exactly, kept as dead letters. */
  readonly setAside: number;
};

/**
 * Encodes the pages of a scan and loads them into a snapshot, in chunks of whole pages of one segment each.
 *
 * A chunk is named for its segment and what it holds: a process that was killed behind a load and reads the same pages
 * again names the same chunk, which a destination may know again. If an item changed in between, it is another chunk,
 * and must be: under its old name it would be taken for loaded.
 *
 * An open chunk lies in a file, so memory holds no more than the page in hand, whatever the chunks have come to. Disposing
 * of the loader removes the files.
 */
export class SnapshotLoader implements Disposable {
  readonly #options: SnapshotLoaderOptions;
  readonly #keyNames: readonly string[];
  readonly #segments: Segment[];
  readonly #spool: string;

  constructor(options: SnapshotLoaderOptions) {
    this.#options = options;
    this.#keyNames = options.description.keys.map(({ name }) => name);
    this.#spool = options.spool;
    this[Symbol.dispose]();
    this.#segments = options.segments.map((durable, segment) => ({
      durable,
      read: durable,
      rows: new RowSpool(join(this.#spool, String(segment)), SNAPSHOT_FORM),
      characters: 0,
    }));
  }

  /** How far each segment is durable. */
  get segments(): readonly SegmentProgress[] {
    return this.#segments.map(({ durable }) => durable);
  }

  get counts(): LoadCounts {
    const sum = (of: 'rows' | 'setAside') => this.#segments.reduce((all, { durable }) => all + durable[of], 0);
    return { rows: sum('rows'), setAside: sum('setAside') };
  }

  /** Takes a segment's next page. When it resolves for the last one, all rows of the segment are durable. */
  async take({ segment, items, lastKey }: SegmentPage): Promise<void> {
    const open = this.#segments[segment];
    if (!open) throw new RangeError(`There is no segment ${segment}`);
    let setAside = 0;
    for (const item of items) {
      const row = this.#encode(item);
      if (row instanceof TailraceError) {
        await this.#setAside(item, row);
        setAside++;
        continue;
      }
      open.rows.add(row);
      open.characters += row.key.length + (row.item?.length ?? 0);
    }
    const { read } = open;
    open.read = {
      startKey: lastKey,
      done: lastKey === null,
      items: read.items + items.length,
      rows: open.durable.rows + open.rows.count,
      chunks: open.durable.chunks + (open.rows.count > 0 ? 1 : 0),
      setAside: read.setAside + setAside,
    };
    if (lastKey === null || this.#isFull(open)) await this.#load(segment, open);
  }

  [Symbol.dispose](): void {
    rmSync(this.#spool, { recursive: true, force: true });
  }

  /** Makes durable what was taken so far. No page may be on its way. */
  async flush(): Promise<void> {
    for (const [segment, open] of this.#segments.entries()) await this.#load(segment, open);
  }

  /** Not a promise: a page's items must be garbage before the next one comes. */
  #encode(item: AttributeMap): SnapshotRow | TailraceError {
    try {
      return toSnapshotRow(item, this.#keyNames, this.#options.transform);
    } catch (error) {
      if (!(error instanceof TailraceError) || policyFor(error).action !== 'set-aside') throw error;
      return error;
    }
  }

  async #setAside(item: AttributeMap, error: TailraceError): Promise<void> {
    const { description, transform, deadLetters, now } = this.#options;
    await deadLetters.put(letterOfItem(item, error, description, transform, now()));
  }

  /** Decided by the segment alone: whoever reads the same pages again cuts the same chunks. */
  #isFull({ durable: { chunks }, rows, characters }: Segment): boolean {
    const { maxChunkRows = FIRST_CHUNK_ROWS, destination } = this.#options;
    const loadsOfASize = Math.max(1, Math.floor(LOADS_OF_A_SIZE / this.#segments.length));
    const most = Math.max(1, destination.maxLoadCharacters / FIRST_CHUNK_CHARACTERS);
    const times = Math.min(2 ** Math.floor(chunks / loadsOfASize), most);
    return rows.count >= maxChunkRows * times || characters >= FIRST_CHUNK_CHARACTERS * times;
  }

  async #load(segment: number, open: Segment): Promise<void> {
    const { destination, description, id, onDurable } = this.#options;
    if (open.read === open.durable) return;
    const { rows, read } = open;
    if (rows.count > 0) {
      const { file, content } = rows.close();
      await destination.loadSnapshot(description.table, id, `s${segment}-${content}`, file);
      rows.clear();
    }
    open.durable = read;
    open.characters = 0;
    await onDurable();
  }
}

type Segment = {
  durable: SegmentProgress;
  /** How far it was read. */
  read: SegmentProgress;
  /** What was read and isn't loaded. */
  readonly rows: RowSpool<SnapshotRow>;
  characters: number;
};
