import { createHash } from 'node:crypto';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { toRow } from '../src/changelog/row.ts';
import { requestBodies } from '../src/destination/bigquery/insert.ts';
import { identity } from '../src/privacy/transform.ts';
import { decode } from '../src/record/decode.ts';
import { digestOf } from '../src/value/digest.ts';
import { type LambdaEvent, lambdaEvent } from './events.ts';
import { compare } from './measure.ts';
import { fixed, type Part, ratio, table } from './part.ts';

/** CPU of one size of record, from parsed event to request body, in microseconds. */
type RecordPath = {
  readonly recordBytes: number;
  readonly oursUs: number;
  readonly digestUs: number;
  readonly sdkUs: number;
  readonly floorUs: number;
};

const RECORDS = 100;

/**
 * Measures the path of a record: from the parsed Lambda event to the bodies of BigQuery's streaming inserts.
 *
 * Against what a user would write with the AWS SDK, `unmarshall` and `JSON.stringify` (which loses sets and long
 * numbers), and against the floor, `JSON.stringify` of the event as it is.
 */
export const recordPathPart: Part = async () => {
  const records = recordPath();
  return {
    paragraphs: [
      'CPU of a record, from parsed Lambda event to request body, µs:',
      table(
        [
          'bytes a record',
          'Tailrace',
          'of it the digest',
          '`unmarshall` + `JSON.stringify`',
          '`JSON.stringify(event)`',
        ],
        records.map(({ recordBytes, oursUs, digestUs, sdkUs, floorUs }) => [
          String(recordBytes),
          ...[oursUs, digestUs, sdkUs, floorUs].map(fixed),
        ]),
      ),
    ],
    ratios: {
      record_path: records.map(({ recordBytes, oursUs, sdkUs, floorUs, digestUs }) => ({
        record_bytes: recordBytes,
        faster_than_sdk: ratio(sdkUs, oursUs),
        times_the_floor: ratio(oursUs, floorUs),
        share_of_digest: ratio(digestUs, oursUs),
      })),
    },
  };
};

function recordPath(): readonly RecordPath[] {
  return [1, 6, 30].map((lines) => {
    const { event, recordBytes } = lambdaEvent(RECORDS, lines);
    const images = event.Records.map(rowOf).map(({ newImage }) => newImage ?? '');
    const us = compare(
      {
        ours: () => requestBodies(event.Records.map(rowOf)),
        digest: () => images.map(digestOf),
        sdk: () => sdkBody(event),
        floor: () => JSON.stringify(event),
      },
      { units: RECORDS },
    );
    return { recordBytes, oursUs: us.ours, digestUs: us.digest, sdkUs: us.sdk, floorUs: us.floor };
  });
}

function rowOf(record: unknown) {
  return toRow(decode(record, { changedAt: null }), { transform: identity, origin: 'stream' });
}

/** The same columns as ours, from the SDK's own conversion. Nothing is in order, and sets come out as `{}`. */
function sdkBody({ Records }: LambdaEvent): string {
  const ingestedAt = new Date(0).toISOString();
  const rows = Records.map(({ eventID, eventName, eventSourceARN, userIdentity, dynamodb }) => {
    const { Keys, NewImage, OldImage, SequenceNumber, ApproximateCreationDateTime } = dynamodb;
    const position = `${eventSourceARN.slice(eventSourceARN.lastIndexOf('/') + 1)}/${SequenceNumber.padStart(40, '0')}`;
    const newImage = NewImage && JSON.stringify(unmarshall(NewImage));
    return {
      insertId: `${position}/${eventID}`,
      json: {
        key: JSON.stringify(Object.values(unmarshall(Keys))),
        operation: eventName,
        position,
        sequence_number: SequenceNumber,
        event_id: eventID,
        changed_at: new Date(ApproximateCreationDateTime * 1000).toISOString(),
        ingested_at: ingestedAt,
        new_image: newImage,
        old_image: OldImage && JSON.stringify(unmarshall(OldImage)),
        digest: newImage && createHash('sha256').update(newImage).digest('hex').slice(0, 32),
        expired: userIdentity?.principalId === 'dynamodb.amazonaws.com',
        origin: 'stream',
        generation: 1,
      },
    };
  });
  return JSON.stringify({ rows });
}
