import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DeadLetters } from '../src/delivery/dead-letter.ts';
import { SNAPSHOT_FORM } from '../src/destination/row-form.ts';
import type { SnapshotStore } from '../src/destination/snapshot-store.ts';
import { policyFor, TailraceError } from '../src/errors.ts';
import type { Transform } from '../src/privacy/transform.ts';
import { type SnapshotRow, toSnapshotRow } from '../src/snapshot/row.ts';
import type { SnapshotId } from '../src/snapshot/snapshot-id.ts';
import type { TableDescription } from '../src/source/table-reader.ts';
import type { AttributeMap } from '../src/value/attribute-value.ts';
import type { SegmentProgress } from './checkpoint.ts';
import { chunkCharacters, chunkTimes } from './scan/chunk-size.ts';
import { RowSpool } from './scan/row-spool.ts';
import type { SegmentPage } from './scan/scan.ts';
import { letterOfItem } from './scan/unreadable-item.ts';

/** So many loads are on their way at once: whatever more was read waits for them, so that no disk fills with it. */
const MOST_LOADS = 4;

export type SnapshotLoaderOptions = {
  readonly description: TableDescription;
  readonly id: SnapshotId;
  readonly destination: Pick<SnapshotStore, 'loadSnapshot' | 'maxLoadCharacters'>;
  readonly deadLetters: DeadLetters;
  readonly transform: Transform;
  readonly now: () => number;
  /** How far each segment has come before. */
  readonly segments: readonly SegmentProgress[];
  /** After how many rows the first chunk is loaded too, at the end of a page; later ones grow. Without, however many. */
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
 * Encodes the pages of a scan and loads them into a snapshot, in chunks of whole pages of all its segments.
 *
 * A chunk is named for what it holds: a process that was killed behind a load and reads the same pages again in the same
 * order names the same chunk, which a destination may know again. Otherwise it is another chunk, and must be: under its
 * old name it would be taken for loaded. A row that stands twice is harmless.
 *
 * An open chunk lies in a file, so memory holds no more than the pages in hand, whatever the chunks have come to.
 * Disposing of the loader removes the files.
 */
export class SnapshotLoader implements Disposable {
  readonly #options: SnapshotLoaderOptions;
  readonly #keyNames: readonly string[];
  readonly #segments: Segment[];
  /** Those on their way, in the order in which they become durable. */
  readonly #loads: Promise<void>[] = [];
  /** Chunks of all runs that were closed. */
  #closed: number;
  #files = 0;
  #open: Chunk;

  constructor(options: SnapshotLoaderOptions) {
    this.#options = options;
    this.#keyNames = options.description.keys.map(({ name }) => name);
    this[Symbol.dispose]();
    this.#segments = options.segments.map((durable) => ({ durable, read: durable }));
    this.#closed = options.segments.reduce((sum, { chunks }) => sum + chunks, 0);
    this.#open = this.#begin();
  }

  /** How far each segment is durable. */
  get segments(): readonly SegmentProgress[] {
    return this.#segments.map(({ durable }) => durable);
  }

  get counts(): LoadCounts {
    const sum = (of: 'rows' | 'setAside') => this.#segments.reduce((all, { durable }) => all + durable[of], 0);
    return { rows: sum('rows'), setAside: sum('setAside') };
  }

  /** Takes a segment's next page. When it resolves for the last one of all segments, all rows are durable. */
  async take({ segment, items, lastKey }: SegmentPage): Promise<void> {
    const taker = this.#segments[segment];
    if (!taker) throw new RangeError(`There is no segment ${segment}`);
    while (this.#loads.length >= MOST_LOADS) await this.#loads[0];
    const refused: (readonly [AttributeMap, TailraceError])[] = [];
    let rows = 0;
    for (const item of items) {
      const row = this.#encode(item);
      if (row instanceof TailraceError) refused.push([item, row]);
      else {
        this.#add(row);
        rows++;
      }
    }
    for (const [item, error] of refused) await this.#setAside(item, error);
    const { read } = taker;
    taker.read = {
      startKey: lastKey,
      done: lastKey === null,
      items: read.items + items.length,
      rows: read.rows + rows,
      chunks: read.chunks,
      setAside: read.setAside + refused.length,
    };
    if (this.#isFull() || this.#segments.every((each) => each.read.done)) await this.#load(taker);
  }

  [Symbol.dispose](): void {
    rmSync(this.#options.spool, { recursive: true, force: true });
  }

  /** Makes durable what was taken so far. No page may be on its way. */
  async flush(): Promise<void> {
    const ahead = this.#segments.find(({ read, durable }) => read !== durable);
    if (ahead) await this.#load(ahead);
  }

  #begin(): Chunk {
    const path = join(this.#options.spool, String(this.#files++));
    return { rows: new RowSpool(path, SNAPSHOT_FORM), characters: 0 };
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

  #add(row: SnapshotRow): void {
    this.#open.rows.add(row);
    this.#open.characters += row.key.length + (row.item?.length ?? 0) + (row.digest?.length ?? 0);
  }

  async #setAside(item: AttributeMap, error: TailraceError): Promise<void> {
    const { description, transform, deadLetters, now } = this.#options;
    await deadLetters.put(letterOfItem(item, error, description, transform, now()));
  }

  #isFull(): boolean {
    const { maxChunkRows = Number.POSITIVE_INFINITY, destination } = this.#options;
    const { rows, characters } = this.#open;
    return (
      rows.count >= Math.floor(maxChunkRows * chunkTimes(this.#closed)) ||
      characters >= chunkCharacters(this.#closed, destination.maxLoadCharacters)
    );
  }

  /** @param taker The segment that the load counts with. */
  async #load(taker: Segment): Promise<void> {
    const { rows } = this.#open;
    const isLoad = rows.count > 0;
    if (isLoad) {
      taker.read = { ...taker.read, chunks: taker.read.chunks + 1 };
      this.#closed++;
      this.#open = this.#begin();
    }
    const reads = this.#segments.map(({ read }) => read);
    const before = this.#loads.at(-1);
    const load = this.#durable(isLoad ? this.#send(rows) : undefined, before, reads);
    this.#loads.push(load);
    await load;
  }

  /** Behind those before it, or else a segment would be said to be durable beyond what is. */
  async #durable(
    sent: Promise<void> | undefined,
    before: Promise<void> | undefined,
    reads: readonly SegmentProgress[],
  ): Promise<void> {
    for (const end of await Promise.allSettled([before, sent])) if (end.status === 'rejected') throw end.reason;
    for (const [index, segment] of this.#segments.entries()) segment.durable = reads[index] ?? segment.durable;
    await this.#options.onDurable();
    this.#loads.shift();
  }

  async #send(rows: RowSpool<SnapshotRow>): Promise<void> {
    const { destination, description, id } = this.#options;
    const { file, content } = rows.close();
    await destination.loadSnapshot(description.table, id, content, file);
    rmSync(file.path);
  }
}

/** What was read and isn't on its way yet. */
type Chunk = { readonly rows: RowSpool<SnapshotRow>; characters: number };

type Segment = {
  durable: SegmentProgress;
  /** How far it was read. */
  read: SegmentProgress;
};
