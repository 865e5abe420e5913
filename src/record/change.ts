import type { StreamArn } from '../order/stream-arn.ts';
import type { AttributeMap } from '../value/attribute-value.ts';

/** What happened to an item, in the stream's own words. */
export type Operation = 'INSERT' | 'MODIFY' | 'REMOVE';

/**
 * One stream record, decoded: the same from Lambda and from GetRecords.
 *
 * Its envelope is checked; its attribute values are still DynamoDB's and get checked when they are encoded.
 */
export type Change = {
  readonly stream: StreamArn;
  readonly sequenceNumber: string;
  /** The stream's own id of the record. Identifies nothing on its own: one was seen on two sequence numbers. */
  readonly eventId: string | null;
  /** When the change was made, in milliseconds since the epoch, rounded down to the second. Never orders two changes. */
  readonly changedAt: number;
  readonly operation: Operation;
  readonly keys: AttributeMap;
  /** `null` exactly when the operation is REMOVE. */
  readonly newImage: AttributeMap | null;
  readonly oldImage: AttributeMap | null;
  /** Removed by the table's time to live rather than by a caller. */
  readonly expired: boolean;
};
