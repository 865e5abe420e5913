import type { BatchResponse } from '../delivery/event.ts';
import { compareSequenceNumbers, isSequenceNumber } from '../order/position.ts';
import { sequenceNumberOf } from '../record/decode.ts';

/**
 * Counts the records at the front of a page that the handler's answer acknowledges: they are durable or set aside.
 *
 * Of several reported numbers the lowest counts: all records before it are acknowledged, and all from it on are delivered
 * again, as Lambda does it. A text that is no sequence number, or one beyond the page, acknowledges nothing.
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
