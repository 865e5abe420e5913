import pLimit from 'p-limit';
import type { Clock } from '../clock.ts';
import { nameOf, TailraceError } from '../errors.ts';
import type { Log } from '../log.ts';
import { earliestTime, sequenceNumberOf, streamArnOf } from '../record/decode.ts';
import type { DeadLetter, DeadLetters } from './dead-letter.ts';
import { lambdaShape } from './lambda-shape.ts';

/** The batch that refused records are of. */
export type SetAsideContext = {
  /** Name of the source table. */
  readonly table: string;
  readonly shardId: string | null;
  /** The time that the batch gives to records without one, in milliseconds since the epoch. */
  readonly changedAt: number | null;
  readonly rules: string | null;
  readonly clock: Clock;
  /** When to have answered, in milliseconds since the epoch; letters that aren't durable by then count as not stored. */
  readonly until: number;
};

/** A record that can never be written, with the reason. */
export type Refused = { readonly record: unknown; readonly error: TailraceError };

/** Every record of a batch may be refused, and S3 answers each letter in tens of milliseconds. */
const MAX_CONCURRENT_LETTERS = 8;

/**
 * Stores refused records as dead letters.
 *
 * @returns the sequence numbers of records whose letter could not be stored: they must be delivered again.
 * @throws {TailraceError} `dead-letter-failed` if such a record has no sequence number by which to report it.
 */
export async function setAside(
  deadLetters: DeadLetters,
  refused: readonly Refused[],
  context: SetAsideContext,
  log: Log,
): Promise<readonly string[]> {
  const limit = pLimit(MAX_CONCURRENT_LETTERS);
  const failures = await limit.map(refused, (one) => store(deadLetters, one, context, log));
  const unstored: string[] = [];
  for (const [index, failure] of failures.entries()) {
    if (failure === undefined) continue;
    const sequenceNumber = sequenceNumberOf(refused[index]?.record);
    if (sequenceNumber === null) {
      throw new TailraceError('dead-letter-failed', 'A record without a sequence number could not be set aside', {
        context: { table: context.table, shard_id: context.shardId },
        cause: failure.cause,
      });
    }
    unstored.push(sequenceNumber);
  }
  return unstored;
}

/** Stores one record, or gives the cause why it could not. Never rejects, so that its neighbours are stored all the same. */
async function store(
  deadLetters: DeadLetters,
  { record, error }: Refused,
  context: SetAsideContext,
  log: Log,
): Promise<{ readonly cause: unknown } | undefined> {
  const where = { table: context.table, shard_id: context.shardId, sequence_number: sequenceNumberOf(record) };
  try {
    const letter = letterOf(record, error, context);
    await inTime(() => deadLetters.put(letter), context);
    log.warn('record set aside', { ...where, kind: error.kind, reason: error.message });
    return undefined;
  } catch (cause) {
    log.error('dead letter not stored', {
      ...where,
      error: cause instanceof TailraceError ? cause.message : nameOf(cause),
    });
    return { cause };
  }
}

/** Waits for `work` until the time is over. Work that ends later does no harm. */
async function inTime(work: () => Promise<void>, { clock, until }: SetAsideContext): Promise<void> {
  const left = until - clock.now();
  if (left === Number.POSITIVE_INFINITY) return work();
  const tooLate = () => new TailraceError('dead-letter-failed', 'No time was left to set the record aside');
  if (left <= 0) throw tooLate();
  const done = new AbortController();
  const late = clock.sleep(left, done.signal).then(() => {
    if (!done.signal.aborted) throw tooLate();
  });
  try {
    await Promise.race([work(), late]);
  } finally {
    done.abort();
  }
}

function letterOf(
  record: unknown,
  error: TailraceError,
  { table, shardId, changedAt, rules, clock }: SetAsideContext,
): DeadLetter {
  const isTimeless = earliestTime([record]) === null;
  return {
    version: 1,
    table,
    stream_arn: streamArnOf(record)?.text ?? null,
    shard_id: shardId,
    sequence_number: sequenceNumberOf(record),
    ...(isTimeless && changedAt !== null && { changed_at: new Date(changedAt).toISOString() }),
    kind: error.kind,
    reason: error.message,
    at: new Date(clock.now()).toISOString(),
    rules,
    record: lambdaShape(record),
  };
}
