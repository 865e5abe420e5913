import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { compareSequenceNumbers } from '../order/position.ts';
import type { Random } from '../random.ts';
import { sequenceNumberOf } from '../record/decode.ts';
import { firstSequenceNumber, lastTime } from '../stream/page-records.ts';
import { type Poll, ShardReader } from '../stream/shard-reader.ts';
import type { IteratorStart, StreamClient } from '../stream/stream-client.ts';
import type { Loss } from './loss.ts';

/** How a stream is read that won't be waited for: up to what it held when the reading began. */
export type ReadingOptions = {
  readonly client: StreamClient;
  readonly streamArn: string;
  /** When the reading began, by DynamoDB's clock, in milliseconds since the epoch: what changed later isn't asked for. */
  readonly startedAt: number;
  /**
   * How many empty pages in a row mean that an open shard holds no more. One proves nothing: where records are sparse,
   * several are ordinary.
   */
  readonly quietPages: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
};

/** A part of a shard. */
export type Span = {
  readonly shardId: string;
  readonly start: IteratorStart;
  /** The last sequence number, which is part of it; `null` for all that the shard held when the reading began. */
  readonly to: string | null;
  /** Whether the shard is closed: then its end is waited for, whatever pages are empty. */
  readonly isClosed?: () => boolean;
};

/**
 * Why a reading came to its end: the shard's last record, the span's, nothing more for now, no such shard, or the signal.
 */
export type SpanEnd = 'closed' | 'reached' | 'caught-up' | 'gone' | 'stopped';

/** A page of a span; the next one is being read while this one is used. */
export type SpanPage = { readonly records: readonly unknown[]; readonly loss: Loss | null };

/** How often and how far apart a shard is asked for that seems gone. */
const GONE_TRIES = 3;
const GONE_AGAIN_MS = 1_000;

/** Empty pages of a shard that isn't waited for are passed as quickly as a shard allows. */
const PASSING_MS = 200;

/**
 * Reads a span of a shard in order, without a gap, and to its very end: empty pages are passed, an expired iterator is
 * replaced by one after the last record. Where the stream has dropped the beginning, that is said with the first page
 * that is left.
 *
 * @throws {TailraceError} whatever waiting can't mend, such as `source-denied`.
 */
export async function* readSpan(
  { shardId, start, to, isClosed }: Span,
  options: ReadingOptions,
  signal: AbortSignal,
): AsyncGenerator<SpanPage, SpanEnd> {
  const { clock, startedAt, quietPages } = options;
  const reader = new ShardReader({ ...options, shardId, start, onTrimmed: 'go-on' });
  let quiet = 0;
  let missed = 0;
  let next: Promise<Poll> | undefined;
  while (!signal.aborted) {
    const poll = await (next ?? reader.poll(signal));
    next = undefined;
    missed = poll.end === 'gone' ? missed + 1 : 0;
    if (missed >= GONE_TRIES) return 'gone';
    if (poll.end === 'gone') {
      await clock.sleep(GONE_AGAIN_MS, signal);
      continue;
    }

    const records = to === null ? poll.records : poll.records.slice(0, countUpTo(poll.records, to));
    const loss = poll.trimmedFrom && lossOf(poll.trimmedFrom, poll.records, shardId, to);
    const end = endOf(poll, records, to);
    quiet = poll.records.length > 0 ? 0 : poll.answered ? quiet + 1 : quiet;
    const time = lastTime(poll.records);
    // A record's time is its second rounded down: from the next one on it is surely younger.
    const isYounger = time !== null && time > startedAt;
    const isCaughtUp = (isYounger || quiet >= quietPages) && !isClosed?.();

    if (end === null && !isCaughtUp) {
      const waitMs = poll.answered ? Math.min(poll.waitMs, PASSING_MS) : poll.waitMs;
      next = ahead(clock.sleep(waitMs, signal).then(() => reader.poll(signal)));
    }
    if (records.length > 0 || loss) yield { records, loss };
    if (end) return end;
    if (isCaughtUp) return 'caught-up';
  }
  return 'stopped';
}

function endOf(poll: Poll, records: readonly unknown[], to: string | null): SpanEnd | null {
  if (poll.end) return poll.end;
  if (to === null) return null;
  const last = records.at(-1);
  const reached = records.length < poll.records.length || (last !== undefined && sequenceNumberOf(last) === to);
  return reached ? 'reached' : null;
}

/** How many records at the front of a page are not above `to`. One without a number is part of what is before it. */
function countUpTo(records: readonly unknown[], to: string): number {
  const index = records.findIndex((record) => {
    const sequenceNumber = sequenceNumberOf(record);
    return sequenceNumber !== null && compareSequenceNumbers(sequenceNumber, to) > 0;
  });
  return index === -1 ? records.length : index;
}

function lossOf(start: IteratorStart, records: readonly unknown[], shardId: string, to: string | null): Loss {
  const first = firstSequenceNumber(records);
  const isInside = first !== null && (to === null || compareSequenceNumbers(first, to) <= 0);
  return { shardId, start, before: isInside ? first : null, to, records: null };
}

/** What fails while it is waited for by nobody yet fails when it is. */
function ahead<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  return work;
}
