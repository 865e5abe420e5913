import type { AttributeMap } from '../../../src/value/attribute-value.ts';

export const TABLE_ARN = 'arn:aws:dynamodb:eu-central-1:123456789012:table/Orders';
export const STREAM_ARN = `${TABLE_ARN}/stream/2026-01-02T03:04:05.678`;

/** The source table of {@link streamRecord}'s records. */
export const ORDERS = { name: 'Orders', arn: TABLE_ARN, tableId: null } as const;

/** The parts of a record that a test sets; the others are ordinary. */
export type RecordParts = {
  readonly operation?: string;
  readonly sequenceNumber?: string;
  readonly keys?: unknown;
  readonly newImage?: unknown;
  readonly oldImage?: unknown;
  /** Seconds since the epoch; `null` leaves the time out. */
  readonly time?: unknown;
  readonly streamArn?: string;
  readonly envelope?: Readonly<Record<string, unknown>>;
  readonly body?: Readonly<Record<string, unknown>>;
};

let last = 100_000_000_000_000_000_000n;

/** A valid record of Lambda's shape, with a new sequence number unless one is given. */
export function streamRecord(parts: RecordParts = {}) {
  const { operation = 'MODIFY', keys = { id: { S: 'a' } }, time = 1_767_323_045 } = parts;
  const sequenceNumber = parts.sequenceNumber ?? String(++last);
  const newImage = 'newImage' in parts ? parts.newImage : operation === 'REMOVE' ? undefined : (keys as AttributeMap);
  return {
    eventID: `event-${sequenceNumber}`,
    eventName: operation,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-central-1',
    eventSourceARN: parts.streamArn ?? STREAM_ARN,
    ...parts.envelope,
    dynamodb: {
      ...(time === null ? {} : { ApproximateCreationDateTime: time }),
      Keys: keys,
      ...(newImage === undefined ? {} : { NewImage: newImage }),
      ...(parts.oldImage === undefined ? {} : { OldImage: parts.oldImage }),
      SequenceNumber: sequenceNumber,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
      ...parts.body,
    },
  };
}
