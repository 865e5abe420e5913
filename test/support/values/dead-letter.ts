import type { DeadLetter } from '../../../src/delivery/dead-letter.ts';
import { STREAM_ARN, streamRecord } from '../stream/record.ts';

/** A dead letter of the table Orders whose record can be delivered now; each test sets only the parts that it is about. */
export function deadLetter(parts: Partial<DeadLetter> = {}): DeadLetter {
  const sequence_number = parts.sequence_number === undefined ? '42' : parts.sequence_number;
  return {
    version: 1,
    table: 'Orders',
    stream_arn: STREAM_ARN,
    shard_id: null,
    sequence_number,
    kind: 'row-rejected',
    reason: 'Orders_changelog refuses the row: invalid in "new_image"',
    at: '2026-01-02T03:04:05.000Z',
    rules: null,
    record: streamRecord({
      sequenceNumber: sequence_number ?? '42',
      newImage: { id: { S: 'a' }, note: { S: 'planted' } },
    }),
    ...parts,
  };
}
