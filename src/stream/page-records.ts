import { ownTimeOf } from '../record/creation-time.ts';
import { sequenceNumberOf } from '../record/decode.ts';
import { isObject } from '../value/is-object.ts';

/** The first usable sequence number of a page, or `null`: the handler sets aside records without one. */
export function firstSequenceNumber(records: readonly unknown[]): string | null {
  for (const record of records) {
    const sequenceNumber = sequenceNumberOf(record);
    if (sequenceNumber !== null) return sequenceNumber;
  }
  return null;
}

/** The last usable sequence number of a page, or `null`. */
export function lastSequenceNumber(records: readonly unknown[]): string | null {
  for (let index = records.length - 1; index >= 0; index--) {
    const sequenceNumber = sequenceNumberOf(records[index]);
    if (sequenceNumber !== null) return sequenceNumber;
  }
  return null;
}

/** The time of a page's last record in milliseconds since the epoch, or `null` if it has none. */
export function lastTime(records: readonly unknown[]): number | null {
  return ownTimeOf(records.at(-1));
}

/**
 * A record with the ARN of its stream, which Lambda's records have and those of GetRecords don't. An ARN that is there stays, so
 * that another table's record is still recognised.
 */
export function withStreamArn(record: unknown, streamArn: string): unknown {
  if (!isObject(record) || record['eventSourceARN'] !== undefined) return record;
  return { ...record, eventSourceARN: streamArn };
}
