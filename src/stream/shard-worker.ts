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
 * Empty pages of a shard that isn't waited for are passed as quickly as a shard allows; and so are the first of one of which
 * nothing is known yet: stopped before it was found quiet, all of it would be taken for lost by the next run.
 */
const PASSING_MS = 200;

/** Empty pages in a row by which a shard that is followed is known to hold no more for now. */
const QUIET_PAGES = 25;

/** How often a shard is asked for that seems gone: a new one may be missing for a moment. */
const GONE_TRIES = { new: 5, begun: 3, unpromised: 1 };

export type ShardWorkerOptions = StreamAccess & {
  readonly checkpoint: Checkpoint;
  readonly shardId: string;
  /** The last sequence number to read, which is part of it; `null` for all that there is. */
  readonly to: string | null;
  /** `null` follows the shard for as long as it is open. */
  readonly catchUp: CatchUp | null;
  /** Whether the shard is known to be closed: its end is waited for, whatever pages are empty. */
  readonly isClosed: () => boolean;
  /** Takes a page, its records with their stream's ARN. Gives how many at its front are durable or set aside. */
  readonly take: (shardId: string, records: readonly unknown[]) => Promise<number>;
  readonly onLost: (lost: LostPart) => void;
};

/**
 * Why a shard's reading came to its end: its last record, the last that was asked for, no more for now, no such shard.
 * `missing` is a shard that seems gone and will be asked for again.
 */
export type ShardEnd = 'closed' | 'reached' | 'caught-up' | 'gone' | 'missing';

/** What one turn came to. */
export type Turn = {
  /** Records that are newly durable or set aside. */
  readonly taken: number;
  readonly end: ShardEnd | null;
  /** Whether the stream had dropped what came next: a sign of time that has passed, and there may be another by now. */
  readonly trimmed: boolean;
  /** Whether the shard, of which nothing was known, was found to hold nothing. */
  readonly cleared: boolean;
  /** How long to leave the shard alone, in milliseconds. */
  readonly waitMs: number;
};

/**
 * Reads one shard in turns: reads a page, has it taken, moves the checkpoint behind it.
 *
 * A page that wasn't taken is read again, from the first record that isn't durable, so a thousand shards can wait for a
 * destination that is away. One that catches up reads ahead: while {@link hasPrefetched}, its next turn comes at once.
 */
export class ShardWorker {
  readonly #options: ShardWorkerOptions;
  readonly #reader: ShardReader;
  #ahead: Promise<Poll> | undefined;
  #turns = 0;
  #failures = 0;
  #missed = 0;
  #quiet = 0;
  #behindSince: number | null = null;

  constructor(options: ShardWorkerOptions) {
    this.#options = options;
    const { checkpoint } = options;
    this.#reader = new ShardReader({ ...options, streamArn: checkpoint.streamArn, start: this.#progress.resume });
  }

  /** Time of the last record, in milliseconds since the epoch; `null` once a page was empty: nothing is left to read. */
  get behindSince(): number | null {
    return this.#behindSince;
  }

  /** Whether the next page is being read already. */
  get hasPrefetched(): boolean {
    return this.#ahead !== undefined;
  }

  /**
   * Reads a page and has it taken.
   *
   * @throws {TailraceError} of a kind that halts, by the stream or by who takes the page. Everything else is tried again
   *   in a later turn.
   */
  async turn(signal: AbortSignal): Promise<Turn> {
    const { clock, to, catchUp } = this.#options;
    const askedAt = clock.now();
    const poll = await (this.#ahead ?? this.#reader.poll(signal));
    this.#ahead = undefined;
    this.#turns++;
    const isUnknown = this.#isUnknown;
    const isPassed = (catchUp !== null || isUnknown) && poll.answered;
    const waitMs = isPassed ? Math.min(poll.waitMs, PASSING_MS) : poll.waitMs;
    if (poll.end === 'gone') return { taken: 0, end: this.#seemsGone(), trimmed: false, cleared: false, waitMs };
    if (poll.answered) this.#missed = 0;

    const records = to === null ? poll.records : poll.records.slice(0, countUpTo(poll.records, to));
    const end = this.#endOf(poll, records);
    const trimmed = this.#notice(poll, askedAt);
    const cleared = records.length === 0 && isUnknown && !this.#isUnknown;
    // The first page alone: what a shard begins with is known before the stream trims it, however long the line is.
    if (catchUp && end === null && records.length > 0 && this.#turns > 1) this.#readAhead(waitMs, signal);
    if (records.length > 0) {
      this.#behindSince = lastTime(records);
      const taken = await this.#take(records);
      if (taken < records.length) {
        this.#ahead = undefined;
        this.#reader.rewind(this.#progress.resume);
        return { taken, end: null, trimmed, cleared, waitMs: backoffMs(++this.#failures, RETRY, this.#options.random) };
      }
      this.#failures = 0;
    }
    if (records.length === 0 || end) this.#behindSince = null;
    if (end === 'closed' || end === 'reached') this.#hear({ is: 'closed' });
    // Taking counts as leaving the shard alone: a slow destination doesn't make what comes next later still.
    const spentMs = records.length > 0 ? clock.now() - askedAt : 0;
    return { taken: records.length, end, trimmed, cleared, waitMs: Math.max(0, waitMs - spentMs) };
  }

  /** Gives the shard up: the stream has it no more. */
  giveUp(): void {
    this.#hear({ is: 'gone', at: this.#options.clock.now() });
  }

  #seemsGone(): 'gone' | 'missing' {
    const progress = this.#progress;
    const isBegun = progress.resume.at !== 'TRIM_HORIZON';
    const sort = isBegun ? 'begun' : isPromised(progress, this.#options.clock.now()) ? 'new' : 'unpromised';
    return ++this.#missed >= GONE_TRIES[sort] ? 'gone' : 'missing';
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
    // A record's time is its second rounded down: from the next one on it is surely younger.
    const isYounger = time !== null && time > catchUp.startedAt;
    return isYounger || this.#isQuiet ? 'caught-up' : null;
  }

  /** Whether nothing of the shard was read, nor is it known since when it has been empty. */
  get #isUnknown(): boolean {
    const { resume, absentAt } = this.#progress;
    return resume.at === 'TRIM_HORIZON' && absentAt === null;
  }

  get #isQuiet(): boolean {
    const { catchUp, isClosed } = this.#options;
    return this.#quiet >= (catchUp?.quietPages ?? QUIET_PAGES) && !isClosed();
  }

  /** Hears what a page says of the shard. Gives whether something before it had been trimmed. */
  #notice({ records, end, trimmedFrom }: Poll, askedAt: number): boolean {
    const at = this.#options.clock.now();
    if (records.length > 0 || end) {
      this.#hear({ is: 'page', at, first: firstSequenceNumber(records), trimmed: trimmedFrom });
      return trimmedFrom !== null;
    }
    if (!this.#isQuiet) return false;
    const trimmed = this.#reader.takeTrimmed();
    this.#hear({ is: 'quiet', at: askedAt, trimmed });
    return trimmed !== null;
  }

  #readAhead(waitMs: number, signal: AbortSignal): void {
    this.#ahead = this.#options.clock.sleep(waitMs, signal).then(() => this.#reader.poll(signal));
    // What fails before it is waited for fails when it is.
    this.#ahead.catch(() => {});
  }

  async #take(records: readonly unknown[]): Promise<number> {
    const { checkpoint, shardId, take } = this.#options;
    const taken = await take(
      shardId,
      records.map((record) => withStreamArn(record, checkpoint.streamArn)),
    );
    const durable = records.slice(0, taken);
    this.#hear({ is: 'taken', last: lastSequenceNumber(durable), lastTime: lastTime(durable) });
    return taken;
  }

  get #progress(): ShardProgress {
    const { checkpoint, shardId } = this.#options;
    const progress = checkpoint.shards.get(shardId);
    if (!progress) throw new Error(`Shard ${shardId} is not in the checkpoint`);
    return progress;
  }

  #hear(news: ShardNews): void {
    const { checkpoint, shardId, onLost } = this.#options;
    const { shard, lost } = afterNews(this.#progress, news);
    checkpoint.shards.set(shardId, shard);
    if (lost) onLost(lost);
  }
}

/** How many records at the front of a page are not above `to`. One without a number is part of what is before it. */
function countUpTo(records: readonly unknown[], to: string): number {
  const index = records.findIndex((record) => {
    const sequenceNumber = sequenceNumberOf(record);
    return sequenceNumber !== null && compareSequenceNumbers(sequenceNumber, to) > 0;
  });
  return index === -1 ? records.length : index;
}
