import type { Clock } from '../clock.ts';
import { failureFields, isKind, policyFor, TailraceError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Random } from '../random.ts';
import { type Backoff, backoffMs } from '../retry.ts';
import { lastSequenceNumber, lastTime } from './page-records.ts';
import { type IteratorStart, MAX_PAGE_RECORDS, type StreamClient, type StreamPage } from './stream-client.ts';

/** A shard takes five GetRecords calls a second; Lambda itself makes four. */
const POLL_MS = 200;

/** Waits after empty pages grow within these bounds: a record after a pause is still seen within a second. */
const IDLE_MS = { first: 250, max: 1_000, growth: 1.5 };

/** While records are older than this, the reader is catching up and doesn't wait between pages. */
const CATCHING_UP_MS = 5_000;

const RETRY: Backoff = { firstMs: 200, maxMs: 30_000 };

export type ShardReaderOptions = {
  readonly client: StreamClient;
  readonly streamArn: string;
  readonly shardId: string;
  readonly start: IteratorStart;
  /** Whether the shard is known to be closed: no new records come, so empty pages are passed quickly. */
  readonly isClosed?: () => boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
};

/** The outcome of one call. */
export type Poll = {
  /** Whether the stream answered with a page, even an empty one. After a passing failure the next call tries again. */
  readonly answered: boolean;
  /** Of GetRecords' shape, in order. None where there are none yet, and after a passing failure. */
  readonly records: readonly unknown[];
  /** `closed`: these were the shard's last records. `gone`: the stream has no such shard any more. */
  readonly end: 'closed' | 'gone' | null;
  /** Where reading was to resume, if the stream had trimmed that: all records from there to the first of `records` are lost. */
  readonly trimmedFrom: IteratorStart | null;
  /** How long to wait before the next call, in milliseconds. */
  readonly waitMs: number;
};

/**
 * Reads one shard, call by call, in order and without a gap.
 *
 * Its only end is a page without a next iterator: an ending number proves nothing, and an empty page is ordinary. An
 * expired iterator is replaced by one AFTER the last record that was read. Throttling and outages pass by waiting.
 * The reader itself never waits: the caller, who may have a thousand shards, does.
 */
export class ShardReader {
  readonly #options: ShardReaderOptions;
  /** Where a new iterator begins: after the last record that was read. */
  #start: IteratorStart;
  #iterator: string | null = null;
  #trimmedFrom: IteratorStart | null = null;
  #failures = 0;
  #idleMs = IDLE_MS.first;

  constructor(options: ShardReaderOptions) {
    this.#options = options;
    this.#start = options.start;
  }

  /** Goes back, so that records are read again. */
  rewind(start: IteratorStart): void {
    this.#start = start;
    this.#iterator = null;
  }

  /**
   * Makes one call for records.
   *
   * @throws {TailraceError} of the client, if waiting can't mend it, such as `source-denied`.
   */
  async poll(signal: AbortSignal): Promise<Poll> {
    const { client, streamArn, shardId } = this.#options;
    try {
      this.#iterator ??= await client.iterator(streamArn, shardId, this.#start, signal);
      return this.#accept(await client.records(this.#iterator, signal));
    } catch (error) {
      if (signal.aborted) return this.#nothing(0);
      return this.#recover(error);
    }
  }

  #accept({ records, nextIterator }: StreamPage): Poll {
    this.#failures = 0;
    this.#iterator = nextIterator;
    const last = lastSequenceNumber(records);
    if (last !== null) this.#start = { at: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: last };

    const end = nextIterator === null ? 'closed' : null;
    const trimmedFrom = records.length > 0 || end ? this.takeTrimmed() : null;
    return { answered: true, records, end, trimmedFrom, waitMs: this.#pause(records) };
  }

  #pause(records: readonly unknown[]): number {
    if (records.length === 0) {
      if (this.#options.isClosed?.()) return POLL_MS;
      const waitMs = this.#idleMs;
      this.#idleMs = Math.min(IDLE_MS.max, waitMs * IDLE_MS.growth);
      return waitMs;
    }
    this.#idleMs = IDLE_MS.first;
    // A page is full at a thousand records or at 1 MB; a page of 1 MB is known only by the age of its records.
    if (records.length >= MAX_PAGE_RECORDS) return 0;
    const time = lastTime(records);
    return time !== null && this.#options.clock.now() - time > CATCHING_UP_MS ? 0 : POLL_MS;
  }

  #recover(error: unknown): Poll {
    const { shardId, log } = this.#options;
    if (isKind(error, 'stream-missing')) {
      this.#iterator = null;
      return { answered: false, records: [], end: 'gone', trimmedFrom: null, waitMs: 0 };
    }
    if (isKind(error, 'stream-trimmed')) {
      if (this.#start.at !== 'TRIM_HORIZON') {
        this.#trimmedFrom = this.#start;
        this.rewind({ at: 'TRIM_HORIZON' });
        return this.#nothing(0);
      }
      this.#iterator = null;
    } else if (isKind(error, 'iterator-expired')) {
      this.#iterator = null;
    } else if (!(error instanceof TailraceError) || policyFor(error).action !== 'retry') {
      throw error;
    }

    this.#failures++;
    const waitMs = backoffMs(this.#failures, RETRY, this.#options.random);
    // A reader that is throttled for an hour needn't log every attempt.
    if (this.#failures === 1 || this.#failures % 10 === 0) {
      log.warn('shard not read, retrying', {
        shard_id: shardId,
        ...failureFields(error),
        attempt: this.#failures,
        wait_ms: waitMs,
      });
    }
    return this.#nothing(waitMs);
  }

  /** Where reading was to resume, if the stream had trimmed that and no page reported it yet. Reports it once. */
  takeTrimmed(): IteratorStart | null {
    const from = this.#trimmedFrom;
    this.#trimmedFrom = null;
    return from;
  }

  #nothing(waitMs: number): Poll {
    return { answered: false, records: [], end: null, trimmedFrom: null, waitMs };
  }
}
