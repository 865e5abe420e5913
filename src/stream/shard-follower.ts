import type { Clock } from '../clock.ts';
import type { StreamHandler } from '../delivery/stream-handler.ts';
import { policyFor } from '../error-policy.ts';
import { nameOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Random } from '../random.ts';
import { type Backoff, backoffMs } from './backoff.ts';
import type { Checkpoint, ShardProgress } from './checkpoint.ts';
import { firstSequenceNumber, lastSequenceNumber, lastTime, withStreamArn } from './page-records.ts';
import { settledCount } from './settled.ts';
import { ShardReader } from './shard-reader.ts';
import type { IteratorStart, StreamClient } from './stream-client.ts';

/** Time the handler has for a page. What it couldn't write by then is delivered again. */
const DELIVERY_MS = 60_000;

const RETRY: Backoff = { firstMs: 200, maxMs: 15_000 };

/**
 * The stream keeps its records for 24 hours; five minutes less, because clocks differ.
 * Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html>
 */
const SURELY_KEPT_MS = (24 * 60 - 5) * 60_000;

export type ShardFollowerOptions = {
  readonly client: StreamClient;
  readonly handler: StreamHandler;
  readonly checkpoint: Checkpoint;
  readonly shardId: string;
  readonly isClosed: () => boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
};

/** What one turn came to. */
export type Turn = {
  /** Records that are newly durable or set aside. */
  readonly settled: number;
  readonly end: 'closed' | 'gone' | null;
  /** Whether the stream had dropped what came next: a sign of time that has passed, and there may be another by now. */
  readonly trimmed: boolean;
  /** How long to leave the shard alone, in milliseconds. */
  readonly waitMs: number;
};

/**
 * Follows one shard in turns: reads a page, has the handler make it durable, moves the checkpoint behind it.
 *
 * Between two turns it holds no records: a page that wasn't taken is read again, from the first record that isn't
 * durable. So a thousand shards can wait for a destination that is away.
 */
export class ShardFollower {
  readonly #options: ShardFollowerOptions;
  readonly #reader: ShardReader;
  #failures = 0;
  #behindSince: number | null = null;

  constructor(options: ShardFollowerOptions) {
    this.#options = options;
    const { client, checkpoint, shardId, isClosed, clock, random, log } = options;
    this.#reader = new ShardReader({
      client,
      streamArn: checkpoint.streamArn,
      shardId,
      start: this.#progress.resume,
      onTrimmed: 'go-on',
      isClosed,
      clock,
      random,
      log,
    });
  }

  get shardId(): string {
    return this.#options.shardId;
  }

  /** Time of the last record, in milliseconds since the epoch; `null` once a page was empty: nothing is left to read. */
  get behindSince(): number | null {
    return this.#behindSince;
  }

  /**
   * Reads a page and delivers it.
   *
   * @throws {TailraceError} of a kind that halts, by the stream or by the handler. Everything else is tried again in a
   *   later turn.
   */
  async turn(signal: AbortSignal): Promise<Turn> {
    const { clock } = this.#options;
    const askedAt = clock.now();
    const { records, end, trimmedFrom, waitMs } = await this.#reader.poll(signal);
    const first = firstSequenceNumber(records);
    const trimmed = trimmedFrom !== null;
    if (trimmed) this.#lose(trimmedFrom, first);
    if (end === 'gone') return { settled: 0, end, trimmed, waitMs };
    if (first !== null || end) this.#noticeFirst(first, trimmed);

    if (records.length > 0) {
      this.#behindSince = lastTime(records);
      const settled = await this.#deliver(records);
      const last = lastSequenceNumber(records.slice(0, settled));
      if (last !== null) this.#update({ resume: { at: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: last } });
      if (settled < records.length) {
        this.#reader.rewind(this.#progress.resume);
        return { settled, end: null, trimmed, waitMs: backoffMs(++this.#failures, RETRY, this.#options.random) };
      }
      this.#failures = 0;
    }
    if (records.length === 0 || end) this.#behindSince = null;
    if (end) this.#update({ done: true });
    // Delivering counts as leaving the shard alone: a slow destination doesn't make what comes next later still.
    const spentMs = records.length > 0 ? clock.now() - askedAt : 0;
    return { settled: records.length, end, trimmed, waitMs: Math.max(0, waitMs - spentMs) };
  }

  /** Whether the shard was begun, or appeared while the stream was followed: what isn't read of it is lost. */
  get isPromised(): boolean {
    const { resume, absentAt } = this.#progress;
    return resume.at !== 'TRIM_HORIZON' || absentAt !== null;
  }

  /** Gives the shard up: the stream has it no more. */
  giveUp(): void {
    if (this.isPromised) this.#lose(this.#progress.resume, null);
    this.#update({ done: true });
  }

  get #progress(): ShardProgress {
    const { checkpoint, shardId } = this.#options;
    const progress = checkpoint.shards.get(shardId);
    if (!progress) throw new Error(`Shard ${shardId} is not in the checkpoint`);
    return progress;
  }

  #update(change: Partial<ShardProgress>): void {
    const { checkpoint, shardId } = this.#options;
    checkpoint.shards.set(shardId, { ...this.#progress, ...change });
  }

  /** Pins the first record that a shard, or what is left of it, has: its loss would not go unnoticed. */
  #noticeFirst(first: string | null, afterTrim: boolean): void {
    const { resume, absentAt } = this.#progress;
    if (resume.at === 'TRIM_HORIZON' && absentAt !== null) {
      // The shard is younger than this. If that is a day, its oldest records may have been trimmed without a word.
      if (this.#options.clock.now() - absentAt > SURELY_KEPT_MS) this.#lose(resume, first);
    }
    if (first !== null && (resume.at === 'TRIM_HORIZON' || afterTrim)) {
      this.#update({ resume: { at: 'AT_SEQUENCE_NUMBER', sequenceNumber: first } });
    }
  }

  #lose(start: IteratorStart, before: string | null): void {
    const { checkpoint, shardId, clock } = this.#options;
    checkpoint.lost.push({ shardId, start, before, noticedAt: clock.now() });
  }

  /** How many of the records, from the first, are settled. */
  async #deliver(records: readonly unknown[]): Promise<number> {
    const { checkpoint, handler, shardId, clock, log } = this.#options;
    const deadline = clock.now() + DELIVERY_MS;
    try {
      const answer = await handler(
        { Records: records.map((record) => withStreamArn(record, checkpoint.streamArn)) },
        { shardId, getRemainingTimeInMillis: () => deadline - clock.now() },
      );
      const settled = settledCount(records, answer);
      if (settled < records.length) {
        log.warn('page taken in part, retrying', {
          shard_id: shardId,
          records: records.length,
          settled,
          attempt: this.#failures + 1,
        });
      }
      return settled;
    } catch (error) {
      if (policyFor(error).action === 'halt') throw error;
      log.warn('page not taken, retrying', {
        shard_id: shardId,
        records: records.length,
        error: nameOf(error),
        attempt: this.#failures + 1,
      });
      return 0;
    }
  }
}
