import { nameOf, TailraceError } from '../errors.ts';
import type { Log } from '../log.ts';
import { parseStreamArn } from '../order/stream-arn.ts';
import { sequenceNumberOf } from '../record/decode.ts';
import { isObject } from '../value/is-object.ts';
import type { DeadLetter, DeadLetters } from './dead-letter.ts';
import { lambdaShape } from './lambda-shape.ts';

/** Where and when the records of a batch were refused. */
export type SetAsideContext = {
  /** Name of the source table. */
  readonly table: string;
  readonly shardId: string | null;
  readonly rules: string | null;
  /** Milliseconds since the epoch. */
  readonly time: number;
};

/**
 * Keeps refused records as dead letters.
 *
 * @returns the sequence numbers of records whose letter could not be kept: they must be delivered again.
 * @throws {TailraceError} `dead-letter-failed` if such a record has no sequence number to report it by.
 */
export async function setAside(
  deadLetters: DeadLetters,
  refused: readonly { readonly record: unknown; readonly error: TailraceError }[],
  context: SetAsideContext,
  log: Log,
): Promise<readonly string[]> {
  const unkept: string[] = [];
  for (const { record, error } of refused) {
    const sequenceNumber = sequenceNumberOf(record);
    const where = { table: context.table, shard_id: context.shardId, sequence_number: sequenceNumber };
    try {
      await deadLetters.put(letterOf(record, error, context));
      log.warn('record set aside', { ...where, kind: error.kind, reason: error.message });
    } catch (cause) {
      const reason = cause instanceof TailraceError ? cause.message : nameOf(cause);
      log.error('dead letter not kept', { ...where, error: reason });
      if (sequenceNumber === null) {
        throw new TailraceError('dead-letter-failed', 'A record without a sequence number could not be set aside', {
          context: where,
          cause,
        });
      }
      unkept.push(sequenceNumber);
    }
  }
  return unkept;
}

function letterOf(record: unknown, error: TailraceError, { table, shardId, rules, time }: SetAsideContext): DeadLetter {
  return {
    version: 1,
    table,
    stream_arn: parseStreamArn(isObject(record) ? record['eventSourceARN'] : undefined)?.text ?? null,
    shard_id: shardId,
    sequence_number: sequenceNumberOf(record),
    kind: error.kind,
    reason: error.message,
    at: new Date(time).toISOString(),
    rules,
    record: lambdaShape(record),
  };
}
