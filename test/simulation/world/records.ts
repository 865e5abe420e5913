import { wireRecord as modelRecord } from '../../model/record.ts';
import type { ModelRecord, ModelStream } from './change.ts';
import { eventIdOf } from './change.ts';

/** A record as GetRecords gives it on the wire. */
export function wireRecord(record: ModelRecord): Record<string, unknown> {
  return modelRecord(record, {
    keys: ['id'],
    viewType: 'NEW_AND_OLD_IMAGES',
    region: 'eu-central-1',
    // Rounded down to the second.
    grainMs: 1_000,
    eventId: eventIdOf(record.change),
  });
}

/** The same record as Lambda is given it. */
export function lambdaRecord(record: ModelRecord, stream: ModelStream): Record<string, unknown> {
  return {
    ...wireRecord(record),
    eventSourceARN: stream.arn,
    ...(record.change.expired && { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }),
  };
}
