import type { StreamedChange } from '../changelog/streamed-change.ts';
import { isKind } from '../errors.ts';
import { positionOf } from '../order/position.ts';
import { streamArn } from '../order/stream-arn.ts';
import type { Transform } from '../privacy/transform.ts';
import { ownTimeOf } from '../record/creation-time.ts';
import { decode, earliestTime, sequenceNumberOf } from '../record/decode.ts';
import { canonicalKey } from '../value/key.ts';

export type StreamedChangeContext = {
  readonly shardId: string;
  /** The ARN of the records' stream. */
  readonly streamArn: string;
  readonly transform: Transform;
  /** Whether there is a dead letter of this sequence number and time; the time is `null` if the record has none. */
  readonly isParked: (sequenceNumber: string, time: number | null) => boolean;
};

/**
 * The changes of a page of a shard's records, by what identifies them in the changelog. A record that can't be decoded has
 * its sequence number alone; a record without a sequence number is left out.
 */
export function streamedChanges(
  records: readonly unknown[],
  context: StreamedChangeContext,
): readonly StreamedChange[] {
  const changedAt = earliestTime(records);
  const { label } = streamArn(context.streamArn);
  return records.flatMap((record) => {
    const sequenceNumber = sequenceNumberOf(record);
    if (sequenceNumber === null) return [];
    const identity = {
      shardId: context.shardId,
      position: positionOf(label, sequenceNumber),
      sequenceNumber,
      parked: context.isParked(sequenceNumber, ownTimeOf(record)) ? (1 as const) : (0 as const),
    };
    return [{ ...identity, ...decoded(record, changedAt, context.transform) }];
  });
}

function decoded(
  record: unknown,
  changedAt: number | null,
  transform: Transform,
): Pick<StreamedChange, 'key' | 'changedAt'> {
  try {
    const change = decode(record, { changedAt });
    return { key: canonicalKey(transform.keys(change.keys), 'dynamodb.Keys'), changedAt: change.changedAt };
  } catch (error) {
    if (!isKind(error, 'record-invalid')) throw error;
    return { key: '', changedAt: changedAt ?? 0 };
  }
}
