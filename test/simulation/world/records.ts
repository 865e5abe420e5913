import { eventIdOf } from './change.ts';
import type { ModelRecord, ModelStream } from './stream.ts';

/** A record as GetRecords gives it on the wire. */
export function wireRecord({ number, change }: ModelRecord): Record<string, unknown> {
  const { before, after } = change;
  return {
    ...envelope(change.before, change.after),
    eventID: eventIdOf(change),
    ...(change.expired && { userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' } }),
    dynamodb: {
      // Rounded down to the second.
      ApproximateCreationDateTime: Math.floor(change.at / 1000),
      Keys: { id: { S: change.name } },
      ...(after && { NewImage: after }),
      ...(before && { OldImage: before }),
      SequenceNumber: number,
      SizeBytes: 100,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  };
}

/** The same record as Lambda is given it. */
export function lambdaRecord(record: ModelRecord, stream: ModelStream): Record<string, unknown> {
  return {
    ...wireRecord(record),
    eventSourceARN: stream.arn,
    ...(record.change.expired && { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }),
  };
}

function envelope(before: unknown, after: unknown) {
  const eventName = after === null ? 'REMOVE' : before === null ? 'INSERT' : 'MODIFY';
  return { eventName, eventVersion: '1.1', eventSource: 'aws:dynamodb', awsRegion: 'eu-central-1' };
}
