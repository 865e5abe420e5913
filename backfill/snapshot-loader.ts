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

/** The most loads in flight: reading waits for them, so that rows don't fill the disk. */
const MAX_LOADS = 4;

export type SnapshotLoaderOptions = {
  readonly description: TableDescription;
  readonly id: SnapshotId;
  readonly destination: Pick<SnapshotStore, 'loadSnapshot' | 'maxLoadCharacters'>;
  readonly deadLetters: DeadLetters;
  readonly transform: Transform;
  readonly now: () => number;
  /** How far earlier runs read each segment. */
  readonly segments: readonly SegmentProgress[];
  /** The most rows of the first chunk, at the end of a page; later ones grow. Without, only their size bounds chunks. */
  readonly maxChunkRows?: number | undefined;
  /** The directory for rows that aren't loaded yet. It is the loader's alone: what else is in it is removed. */
  readonly spool: string;
  /** Called when more rows are durable; reading waits until it resolves. */
  readonly onDurable: () => Promise<void>;
};

/** What was loaded so far. */
export type LoadCounts = {
  /** Rows that are durable in the destination. */
  readonly rows: number;
  /** Items that can't be carried exactly, stored as dead letters. */
  readonly setAside: number;
};

/**
 * Encodes the pages of a scan and loads them into a snapshot, in chunks of whole pages of all its segments.
 *
 * A chunk is named by a hash of its content. A process that was killed after a load and reads the same pages again, in the
 * same order, gives the chunk the same name, and the destination may recognise it. A chunk of other content needs another
 * name: under the old one the destination would take it for loaded. A row that is there twice is harmless.
 *
 * An open chunk is a file, so memory holds only the pages in hand, however large chunks are. Disposing of the loader
 * removes the files.
 */
export class SnapshotLoader implements Disposable {
  readonly #options: SnapshotLoaderOptions;
  readonly #keyNames: readonly string[];
  readonly #segments: Segment[];
  /** Loads in flight, in the order in which they become durable. */
  readonly #loads: Promise<void>[] = [];
  /** Closed chunks, of all runs. */
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

  /** How much of each segment is durable. */
  get segments(): readonly SegmentProgress[] {
    return this.#segments.map(({ durable }) => durable);
  }

  get counts(): LoadCounts {
    const sum = (of: 'rows' | 'setAside') => this.#segments.reduce((all, { durable }) => all + durable[of], 0);
    return { rows: sum('rows'), setAside: sum('setAside') };
  }

  /** Takes a segment's next page. When it resolves for the last page of all segments, all rows are durable. */
  async take({ segment, items, lastKey }: SegmentPage): Promise<void> {
    const taker = this.#segments[segment];
    if (!taker) throw new RangeError(`There is no segment ${segment}`);
    while (this.#loads.length >= MAX_LOADS) await this.#loads[0];
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

  /** Makes durable what was taken so far. No other call may be under way. */
  async flush(): Promise<void> {
    const unloaded = this.#segments.find(({ read, durable }) => read !== durable);
    if (unloaded) await this.#load(unloaded);
  }

  #begin(): Chunk {
    const path = join(this.#options.spool, String(this.#files++));
    return { rows: new RowSpool(path, SNAPSHOT_FORM), characters: 0 };
  }

  /** Synchronous, so that a page's items are garbage before the next page comes. */
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

  /** @param taker The segment whose progress counts the load. */
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

  /** Waits for the loads before it, so that no segment counts as durable before its rows are. */
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

/** Rows that were read and aren't being loaded yet. */
type Chunk = { readonly rows: RowSpool<SnapshotRow>; characters: number };

type Segment = {
  durable: SegmentProgress;
  /** How far it was read. */
  read: SegmentProgress;
};
