import type { BatchResponse } from '../delivery/event.ts';
import { compareSequenceNumbers, isSequenceNumber } from '../order/position.ts';
import { sequenceNumberOf } from '../record/decode.ts';

/**
 * How many records at the front of a page are durable or set aside, by the handler's answer.
 *
 * Of several reported numbers the lowest counts: everything before it is settled, everything from it on is delivered
 * again, as Lambda does it. A number that isn't one, or is beyond the page, settles nothing.
 */
export function countAcknowledged(records: readonly unknown[], { batchItemFailures }: BatchResponse): number {
  let lowest: string | null = null;
  for (const { itemIdentifier } of batchItemFailures) {
    if (!isSequenceNumber(itemIdentifier)) return 0;
    if (lowest === null || compareSequenceNumbers(itemIdentifier, lowest) < 0) lowest = itemIdentifier;
  }
  if (lowest === null) return records.length;

  for (const [index, record] of records.entries()) {
    const sequenceNumber = sequenceNumberOf(record);
    if (sequenceNumber !== null && compareSequenceNumbers(sequenceNumber, lowest) >= 0) return index;
  }
  return 0;
}
