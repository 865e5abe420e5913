import { compareSequenceNumbers } from '../order/position.ts';
import { sequenceNumberOf } from '../record/decode.ts';
import { type Backoff, backoffMs } from '../retry.ts';
import type { Checkpoint } from './checkpoint.ts';
import { firstSequenceNumber, lastSequenceNumber, lastTime, withStreamArn } from './page-records.ts';
import type { CatchUp, StreamAccess } from './reading-options.ts';
import { afterNews, isPromised, type LostPart, type ShardNews, type ShardProgress } from './shard-life.ts';
import { type Poll, ShardReader } from './shard-reader.ts';

const RETRY: Backoff = { firstMs: 200, maxMs: 15_000 };

/**
 * The wait after an empty page where waits don't grow: while catching up, and in a shard of which nothing is known yet. If the
 * reader stopped before it found such a shard quiet, the next run would count all of it as lost.
 */
const PASSING_MS = 200;

/** This many empty pages in a row mean that a shard that is followed has no more records for now. */
const QUIET_PAGES = 25;

/** A page whose last record is this young is of the shard's end: too few records can follow to lie beyond empty pages. */
const AT_END_MS = 10_000;

/** How often a shard that seems gone is asked for: a new one may be missing for a moment. */
const GONE_TRIES = { new: 5, begun: 3, unpromised: 1 };

export type ShardWorkerOptions = StreamAccess & {
  readonly checkpoint: Checkpoint;
  readonly shardId: string;
  /** The last sequence number to read, inclusive; `null` for all records. */
  readonly to: string | null;
  /** `null` follows the shard for as long as it is open. */
  readonly catchUp: CatchUp | null;
  /** Whether the shard is known to be closed: then it is read to its end, however many pages are empty. */
  readonly isClosed: () => boolean;
  /** Takes a page, its records with their stream's ARN. Returns how many at its front are durable or set aside. */
  readonly take: (shardId: string, records: readonly unknown[]) => Promise<number>;
  readonly onLost: (lost: LostPart) => void;
};

/**
 * Why the reading of a shard ended: at its last record (`closed`), at the last record that was asked for (`reached`), at no
 * more records for now (`caught-up`), or because there is no such shard (`gone`). A `missing` shard seems gone and will be asked
 * for again.
 */
export type ShardEnd = 'closed' | 'reached' | 'caught-up' | 'gone' | 'missing';

/** The outcome of one turn. */
export type Turn = {
  /** Records that are newly durable or set aside. */
  readonly taken: number;
  readonly end: ShardEnd | null;
  /** Whether the stream had dropped the next records: so much time has passed that there may be another stream by now. */
  readonly trimmed: boolean;
  /** Whether the shard, of which nothing was known, was found empty. */
  readonly cleared: boolean;
  /** How long to wait before the next turn, in milliseconds. */
  readonly waitMs: number;
};

/**
 * Reads one shard in turns: reads a page, hands it over, moves the checkpoint behind it.
 *
 * A page that wasn't taken is read again, from the first record that isn't durable, so a thousand shards can wait for a
 * destination that is away. While catching up, the next page is prefetched, and its turn comes at once.
 */
export class ShardWorker {
  readonly #options: ShardWorkerOptions;
  readonly #reader: ShardReader;
  #prefetched: Promise<Poll> | undefined;
  #turns = 0;
  #failures = 0;
  #missed = 0;
  #quiet = 0;
  #behindSince: number | null = null;
  #readUntil: number | null;
  /** Whether the last pages were of the shard's end: then an empty page shows that nothing is left. */
  #isAtEnd = false;

  constructor(options: ShardWorkerOptions) {
    this.#options = options;
    const { checkpoint } = options;
    this.#readUntil = this.#progress.absentAt;
    this.#reader = new ShardReader({ ...options, streamArn: checkpoint.streamArn, start: this.#progress.resume });
  }

  /** Time of the last record, in milliseconds since the epoch; `null` once a page was empty: nothing is left to read. */
  get behindSince(): number | null {
    return this.#behindSince;
  }

  /** All records of the shard before this time are durable or set aside, in milliseconds since the epoch; `null` if unknown. */
  get readUntil(): number | null {
    return this.#readUntil;
  }

  /** Whether the next page is read already, or being read. */
  get hasPrefetched(): boolean {
    return this.#prefetched !== undefined;
  }

  /**
   * Reads a page and hands it over.
   *
   * @throws {TailraceError} of a kind that halts, from the stream or from `take`. After other failures a later turn tries again.
   */
  async turn(signal: AbortSignal): Promise<Turn> {
    const { clock, to, catchUp } = this.#options;
    const askedAt = clock.now();
    const poll = await (this.#prefetched ?? this.#reader.poll(signal));
    this.#prefetched = undefined;
    this.#turns++;
    const isUnknown = this.#isUnknown;
    const isPassed = (catchUp !== null || isUnknown) && poll.answered;
    const waitMs = isPassed ? Math.min(poll.waitMs, PASSING_MS) : poll.waitMs;
    if (poll.end === 'gone') return { taken: 0, end: this.#seemsGone(), trimmed: false, cleared: false, waitMs };
    if (poll.answered) this.#missed = 0;
    else this.#isAtEnd = false;

    const records = to === null ? poll.records : poll.records.slice(0, countUpTo(poll.records, to));
    const end = this.#endOf(poll, records);
    const trimmed = this.#notice(poll, askedAt);
    const cleared = records.length === 0 && isUnknown && !this.#isUnknown;
    // Not before the second page: so the first pages of all shards are read early, before the stream trims them.
    if (catchUp && end === null && records.length > 0 && this.#turns > 1) this.#prefetch(waitMs, signal);
    if (records.length > 0) {
      this.#behindSince = lastTime(records);
      const taken = await this.#take(records);
      if (taken < records.length) {
        this.#isAtEnd = false;
        this.#prefetched = undefined;
        this.#reader.rewind(this.#progress.resume);
        return { taken, end: null, trimmed, cleared, waitMs: backoffMs(++this.#failures, RETRY, this.#options.random) };
      }
      this.#failures = 0;
    }
    if (records.length === 0 || end) this.#behindSince = null;
    this.#noteReadUntil(poll, askedAt);
    if (end === 'closed' || end === 'reached') this.#apply({ is: 'closed' });
    // The time that the destination took counts as waiting; if the clock was set back meanwhile, it isn't known.
    const spentMs = records.length > 0 ? Math.max(0, clock.now() - askedAt) : 0;
    return { taken: records.length, end, trimmed, cleared, waitMs: Math.max(0, waitMs - spentMs) };
  }

  /** Gives up the shard: the stream no longer has it. */
  giveUp(): void {
    this.#apply({ is: 'gone', at: this.#options.clock.now() });
  }

  #seemsGone(): 'gone' | 'missing' {
    const progress = this.#progress;
    const isBegun = progress.resume.at !== 'TRIM_HORIZON';
    const tries =
      GONE_TRIES[isBegun ? 'begun' : isPromised(progress, this.#options.clock.now()) ? 'new' : 'unpromised'];
    return ++this.#missed >= tries ? 'gone' : 'missing';
  }

  #endOf(poll: Poll, records: readonly unknown[]): Exclude<ShardEnd, 'gone' | 'missing'> | null {
    const { to, catchUp, isClosed } = this.#options;
    this.#quiet = poll.records.length > 0 ? 0 : poll.answered ? this.#quiet + 1 : this.#quiet;
    if (poll.end === 'closed') return 'closed';
    if (to !== null) {
      const last = records.at(-1);
      const isReached = last !== undefined && sequenceNumberOf(last) === to;
      if (isReached || records.length < poll.records.length) return 'reached';
    }
    if (catchUp === null || isClosed()) return null;
    const time = lastTime(poll.records);
    // Times of records are rounded down to the second: only a later second is surely younger.
    const isYounger = time !== null && time > catchUp.startedAt;
    return isYounger || this.#isQuiet ? 'caught-up' : null;
  }

  /** Whether nothing of the shard was read, and no time is known at which it was empty. */
  get #isUnknown(): boolean {
    const { resume, absentAt } = this.#progress;
    return resume.at === 'TRIM_HORIZON' && absentAt === null;
  }

  get #isQuiet(): boolean {
    const { catchUp, isClosed } = this.#options;
    return this.#quiet >= (catchUp?.quietPages ?? QUIET_PAGES) && !isClosed();
  }

  /** Notes what a page shows of the shard. Returns whether the stream had trimmed records before it. */
  #notice({ records, end, trimmedFrom }: Poll, askedAt: number): boolean {
    const at = this.#options.clock.now();
    if (records.length > 0 || end) {
      this.#apply({ is: 'page', at, first: firstSequenceNumber(records), trimmed: trimmedFrom });
      return trimmedFrom !== null;
    }
    if (!this.#isQuiet) return false;
    const trimmed = this.#reader.takeTrimmed();
    this.#apply({ is: 'quiet', at: askedAt, trimmed });
    return trimmed !== null;
  }

  /** Notes up to when the shard is read. An empty page alone proves nothing: where records are sparse, many are empty. */
  #noteReadUntil({ answered, records }: Poll, askedAt: number): void {
    const time = lastTime(records);
    if (records.length === 0) this.#isAtEnd = answered && (this.#isAtEnd || this.#isQuiet);
    else this.#isAtEnd = time !== null && askedAt - time < AT_END_MS;
    const until = records.length > 0 ? time && Math.min(time, askedAt) : this.#isAtEnd ? askedAt : null;
    if (until !== null) this.#readUntil = Math.max(until, this.#readUntil ?? until);
  }

  #prefetch(waitMs: number, signal: AbortSignal): void {
    this.#prefetched = this.#options.clock.sleep(waitMs, signal).then(() => this.#reader.poll(signal));
    // A failure is thrown when the page is awaited.
    this.#prefetched.catch(() => {});
  }

  async #take(records: readonly unknown[]): Promise<number> {
    const { checkpoint, shardId, take } = this.#options;
    const taken = await take(
      shardId,
      records.map((record) => withStreamArn(record, checkpoint.streamArn)),
    );
    const durable = records.slice(0, taken);
    this.#apply({ is: 'taken', last: lastSequenceNumber(durable), lastTime: lastTime(durable) });
    return taken;
  }

  get #progress(): ShardProgress {
    const { checkpoint, shardId } = this.#options;
    const progress = checkpoint.shards.get(shardId);
    if (!progress) throw new Error(`Shard ${shardId} is not in the checkpoint`);
    return progress;
  }

  #apply(news: ShardNews): void {
    const { checkpoint, shardId, onLost } = this.#options;
    const { shard, lost } = afterNews(this.#progress, news);
    checkpoint.shards.set(shardId, shard);
    if (lost) onLost(lost);
  }
}

/** How many records at the front of a page are not above `to`. A record without a number counts with those before it. */
function countUpTo(records: readonly unknown[], to: string): number {
  const index = records.findIndex((record) => {
    const sequenceNumber = sequenceNumberOf(record);
    return sequenceNumber !== null && compareSequenceNumbers(sequenceNumber, to) > 0;
  });
  return index === -1 ? records.length : index;
}
