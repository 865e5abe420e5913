import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../src/clock.ts';
import type { Random } from '../../src/random.ts';
import type { StreamViewType } from '../../src/source/table-reader.ts';
import type { AttributeMap } from '../../src/value/attribute-value.ts';
import { keySpaceOf, ModelStream, type StreamManner } from './stream.ts';
import type { TableChange } from './table-change.ts';

/** The reason of each abort. Without one, each abort would create an error with its stack. */
const RUNG = 'news';

export type ModelTableOptions<C extends TableChange> = {
  readonly arn: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
  readonly shardCount: number;
  /** The number below the first stream's first. */
  readonly firstNumber: bigint;
  readonly manner?: StreamManner;
  /** Adds the caller's own fields to a change. */
  readonly changeOf: (change: TableChange) => C;
};

/** Where in a scan a page begins. */
export type ScanOffset = {
  readonly segment: number;
  readonly totalSegments: number;
  /** The name behind which the page begins; empty for a segment's first page. */
  readonly after: string;
};

/** A DynamoDB table with its streams, one after the other: the truth that a test compares with. */
export class ModelTable<C extends TableChange = TableChange> {
  readonly items = new Map<string, AttributeMap>();
  readonly changes: C[] = [];
  readonly streams: ModelStream<C>[] = [];
  readonly #options: ModelTableOptions<C>;
  #news = new AbortController();

  constructor(options: ModelTableOptions<C>) {
    this.#options = options;
  }

  /** The stream that is on; `undefined` if none is. */
  get stream(): ModelStream<C> | undefined {
    const last = this.streams.at(-1);
    return last?.closedAt === null ? last : undefined;
  }

  /**
   * Writes an item, or removes it by `null`, and has the stream capture the change.
   *
   * @returns the change, or `undefined` where nothing changes: then there is no record either.
   */
  write(name: string, after: AttributeMap | null, { expired = false } = {}): C | undefined {
    const before = this.items.get(name) ?? null;
    if (isDeepStrictEqual(before, after)) return undefined;
    const change = this.#options.changeOf({
      id: this.changes.length,
      name,
      at: this.#options.clock.now(),
      before,
      after,
      expired,
      label: this.#labelNow(),
      number: null,
      shardId: null,
    });
    this.changes.push(change);
    if (after) this.items.set(name, after);
    else this.items.delete(name);
    if (this.stream && change.at >= this.stream.capturesFrom) {
      this.stream.capture(change);
      this.ring();
    }
    return change;
  }

  /** Switches a stream on: it is ENABLED after `enablingMs`, and captures every change `lateMs` after that. */
  enableStream(enablingMs: number, lateMs: number, viewType?: StreamViewType): ModelStream<C> {
    const { arn: tableArn, clock, random, shardCount, firstNumber, manner } = this.#options;
    const stream = new ModelStream<C>({
      tableArn,
      now: clock.now(),
      enablingMs,
      lateMs,
      shardCount,
      // A new stream's numbers may start lower than the last one's.
      firstNumber: this.streams.length === 0 ? firstNumber : firstNumber / 10n ** BigInt(this.streams.length),
      random,
      ...(manner && { manner }),
      ...(viewType && { viewType }),
    });
    this.streams.push(stream);
    this.ring();
    return stream;
  }

  /** Switches the stream off: it stays readable for a day. */
  disableStream(): void {
    this.stream?.close(this.#options.clock.now());
    this.ring();
  }

  /** The item as it was at a time, as a read may give it that isn't strongly consistent. */
  itemAt(name: string, time: number): AttributeMap | null {
    for (let index = this.changes.length - 1; index >= 0; index--) {
      const change = this.changes[index];
      if (change?.name === name && change.at <= time) return change.after;
    }
    return null;
  }

  /** Every name that an item ever had. */
  names(): readonly string[] {
    return [...new Set(this.changes.map(({ name }) => name))];
  }

  /** The names of a segment behind an offset, in the order in which a scan meets them. */
  namesBehind({ segment, totalSegments, after }: ScanOffset): readonly string[] {
    return this.names()
      .filter((name) => Math.floor(keySpaceOf(name) * totalSegments) === segment && name > after)
      .sort();
  }

  /** Wakes what waits for {@link news}. */
  ring(): void {
    const rung = this.#news;
    this.#news = new AbortController();
    rung.abort(RUNG);
  }

  /** Aborts when something happens to the streams. */
  get news(): AbortSignal {
    return this.#news.signal;
  }

  /** The label that a change of now gets. */
  #labelNow(): string {
    const now = this.#options.clock.now();
    return this.streams.findLast(({ capturesFrom }) => capturesFrom <= now)?.label ?? '';
  }
}
