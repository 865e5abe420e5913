import type { DeadLetters } from '../src/delivery/dead-letter.ts';
import type { SnapshotStore } from '../src/destination/destination.ts';
import { policyFor } from '../src/error-policy.ts';
import { TailraceError } from '../src/errors.ts';
import type { Transform } from '../src/privacy/transform.ts';
import { type SnapshotRow, toSnapshotRow } from '../src/snapshot/row.ts';
import type { SnapshotId } from '../src/snapshot/snapshot-id.ts';
import type { TableDescription } from '../src/source/table-reader.ts';
import type { AttributeMap } from '../src/value/attribute-value.ts';
import type { SegmentPage } from './scan.ts';
import { letterOfItem } from './unreadable-item.ts';

/** A chunk is loaded once it holds this much: few enough loads, and little enough memory per segment. */
const MAX_CHUNK_ROWS = 10_000;
const MAX_CHUNK_CHARACTERS = 8 * 1024 * 1024;

export type SnapshotLoaderOptions = {
  readonly description: TableDescription;
  readonly id: SnapshotId;
  readonly destination: Pick<SnapshotStore, 'loadSnapshot'>;
  readonly deadLetters: DeadLetters;
  readonly transform: Transform;
  readonly now: () => number;
  readonly maxChunkRows?: number;
};

/** What was loaded so far. */
export type LoadCounts = {
  /** Rows that the destination said are durable. */
  readonly rows: number;
  /** Items that can't be carried exactly, kept as dead letters. */
  readonly setAside: number;
};

/**
 * Encodes the pages of a scan and loads them into a snapshot, in chunks of one segment each.
 *
 * Chunks are named for their segment and number: `s3-17`.
 */
export class SnapshotLoader {
  readonly #options: SnapshotLoaderOptions;
  readonly #keyNames: readonly string[];
  readonly #open = new Map<number, Chunk>();
  #rows = 0;
  #setAside = 0;

  constructor(options: SnapshotLoaderOptions) {
    this.#options = options;
    this.#keyNames = options.description.keys.map(({ name }) => name);
  }

  get counts(): LoadCounts {
    return { rows: this.#rows, setAside: this.#setAside };
  }

  /** Takes a segment's next page. When it resolves for the last one, all rows of the segment are durable. */
  async take({ segment, items, lastKey }: SegmentPage): Promise<void> {
    const chunk = this.#open.get(segment) ?? { number: 0, rows: [], characters: 0 };
    this.#open.set(segment, chunk);
    for (const item of items) {
      const row = await this.#encode(item);
      if (!row) continue;
      chunk.rows.push(row);
      chunk.characters += row.key.length + (row.item?.length ?? 0);
      if (isFull(chunk, this.#options.maxChunkRows)) await this.#load(segment, chunk);
    }
    if (lastKey === null && chunk.rows.length > 0) await this.#load(segment, chunk);
  }

  async #encode(item: AttributeMap): Promise<SnapshotRow | undefined> {
    const { description, transform, deadLetters, now } = this.#options;
    try {
      return toSnapshotRow(item, this.#keyNames, transform);
    } catch (error) {
      if (!(error instanceof TailraceError) || policyFor(error).action !== 'set-aside') throw error;
      await deadLetters.put(letterOfItem(item, error, description, transform, now()));
      this.#setAside++;
      return undefined;
    }
  }

  async #load(segment: number, chunk: Chunk): Promise<void> {
    const { destination, description, id } = this.#options;
    await destination.loadSnapshot(description.table, id, `s${segment}-${chunk.number}`, chunk.rows);
    this.#rows += chunk.rows.length;
    chunk.number++;
    chunk.rows = [];
    chunk.characters = 0;
  }
}

type Chunk = { number: number; rows: SnapshotRow[]; characters: number };

function isFull({ rows, characters }: Chunk, maxRows = MAX_CHUNK_ROWS): boolean {
  return rows.length >= maxRows || characters >= MAX_CHUNK_CHARACTERS;
}
