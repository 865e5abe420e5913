import { TailraceError } from '../errors.ts';
import { isSequenceNumber } from '../order/position.ts';
import { parseStreamArn, type StreamArn } from '../order/stream-arn.ts';
import type { AttributeMap, AttributeValue } from '../value/attribute-value.ts';
import { isObject } from '../value/is-object.ts';
import type { Change } from './change.ts';
import { creationTime, ownTimeOf } from './creation-time.ts';

/** Values from the batch, for a record that lacks its own. */
export type RecordDefaults = {
  /** Time of a record without one, in milliseconds since the epoch; `null` if the batch has none either. */
  readonly changedAt: number | null;
};

/**
 * Reads one stream record, of Lambda's shape or of GetRecords', as a {@link Change}.
 *
 * Pure: a replay of the same record gives the same change.
 *
 * @throws {TailraceError} `record-invalid` naming the part that is missing or wrong and the sequence number if there
 *   is one; `stream-view-type` if the stream has no new images, so that none of its records can be used.
 */
export function decode(record: unknown, defaults: RecordDefaults): Change {
  if (!isObject(record)) throw invalid(null, 'Record', 'is not an object');
  const { eventID, eventName, eventSourceARN, userIdentity } = record;
  const body = record['dynamodb'];
  if (!isObject(body)) throw invalid(null, 'dynamodb', 'is missing');

  const sequenceNumber = body['SequenceNumber'];
  if (sequenceNumber === undefined || sequenceNumber === null) {
    const hint = 'is missing; records of a Kinesis data stream have none and can not be ordered';
    throw invalid(null, 'dynamodb.SequenceNumber', hint);
  }
  if (!isSequenceNumber(sequenceNumber))
    throw invalid(null, 'dynamodb.SequenceNumber', 'is not 1 to 40 digits of text');
  const fail = (path: string, what: string) => invalid(sequenceNumber, path, what);

  const stream = parseArn(eventSourceARN);
  if (!stream) throw fail('eventSourceARN', "is not a DynamoDB stream's ARN");
  requireImages(body['StreamViewType'], stream);

  const changedAt = creationTime(body['ApproximateCreationDateTime']);
  if (changedAt === undefined) throw fail('dynamodb.ApproximateCreationDateTime', 'is not a time in seconds');
  const time = changedAt ?? defaults.changedAt;
  if (time === null) {
    throw fail('dynamodb.ApproximateCreationDateTime', 'is missing, and no other record of the batch has one');
  }

  const keys = body['Keys'];
  if (!isAttributeMap(keys)) throw fail('dynamodb.Keys', 'is missing or not an object');
  const newImage = image(body['NewImage']);
  if (newImage === undefined) throw fail('dynamodb.NewImage', 'is not an object');
  const oldImage = image(body['OldImage']);
  if (oldImage === undefined) throw fail('dynamodb.OldImage', 'is not an object');

  const base = {
    stream,
    sequenceNumber,
    eventId: typeof eventID === 'string' && eventID.isWellFormed() ? eventID : null,
    changedAt: time,
    keys: asInImage(keys, newImage ?? oldImage),
    oldImage,
  };
  switch (eventName) {
    case 'INSERT':
    case 'MODIFY':
      if (newImage === null) throw fail('dynamodb.NewImage', `is missing from the ${eventName}`);
      return { ...base, operation: eventName, newImage, expired: false };
    case 'REMOVE':
      if (newImage !== null) throw fail('dynamodb.NewImage', 'stands in a REMOVE');
      return { ...base, operation: eventName, newImage, expired: isTimeToLive(userIdentity) };
    default:
      throw fail('eventName', 'is none of INSERT, MODIFY, REMOVE');
  }
}

/**
 * The key, with its binary values taken from the record's image, which has them as a scan does: some servers encode them
 * in base64 twice in the key. Values of other types have one canonical text either way.
 */
function asInImage(keys: AttributeMap, image: AttributeMap | null): AttributeMap {
  const binary = Object.keys(keys).filter((name) => isBinary(keys[name]) && isBinary(image?.[name]));
  if (image === null || binary.length === 0) return keys;
  return Object.fromEntries(
    Object.entries(keys).map(([name, value]) => [name, binary.includes(name) ? (image[name] ?? value) : value]),
  );
}

function isBinary(value: AttributeValue | undefined): boolean {
  return isObject(value) && Object.hasOwn(value, 'B');
}

/** The earliest time of a batch's records in milliseconds since the epoch, or `null` if none has one. */
export function earliestTime(records: readonly unknown[]): number | null {
  let earliest: number | null = null;
  for (const record of records) {
    const time = ownTimeOf(record);
    if (time !== null && (earliest === null || time < earliest)) earliest = time;
  }
  return earliest;
}

/** A record's sequence number if it has a usable one, however broken the rest of it is. */
export function sequenceNumberOf(record: unknown): string | null {
  const body = isObject(record) ? record['dynamodb'] : undefined;
  const sequenceNumber = isObject(body) ? body['SequenceNumber'] : undefined;
  return isSequenceNumber(sequenceNumber) ? sequenceNumber : null;
}

/** The stream that a record names, if it names one, however broken the rest of it is. */
export function streamArnOf(record: unknown): StreamArn | undefined {
  return parseStreamArn(isObject(record) ? record['eventSourceARN'] : undefined);
}

let lastArn: StreamArn | undefined;

/** A batch comes from one stream, so the ARN parsed last is nearly always the one at hand. */
function parseArn(text: unknown): StreamArn | undefined {
  if (lastArn === undefined || lastArn.text !== text) {
    const parsed = parseStreamArn(text);
    if (!parsed) return undefined;
    lastArn = parsed;
  }
  return lastArn;
}

function requireImages(viewType: unknown, stream: StreamArn): void {
  if (viewType !== 'KEYS_ONLY' && viewType !== 'OLD_IMAGE') return;
  throw new TailraceError('stream-view-type', `Stream of table ${stream.tableName} has ${viewType}, so no new images`, {
    context: { table: stream.tableName, stream_arn: stream.text },
  });
}

/**
 * Whether a REMOVE was made by time to live. Lambda spells the fields `principalId` and `type`, the SDK `PrincipalId`
 * and `Type`.
 * Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html>
 */
function isTimeToLive(identity: unknown): boolean {
  if (!isObject(identity)) return false;
  const type = identity['type'] ?? identity['Type'];
  const principal = identity['principalId'] ?? identity['PrincipalId'];
  return type === 'Service' && principal === 'dynamodb.amazonaws.com';
}

function isAttributeMap(value: unknown): value is AttributeMap {
  return isObject(value);
}

function image(value: unknown): AttributeMap | null | undefined {
  if (value === undefined || value === null) return null;
  return isAttributeMap(value) ? value : undefined;
}

function invalid(sequenceNumber: string | null, path: string, what: string): TailraceError {
  return new TailraceError('record-invalid', `${path} ${what}`, { context: { sequence_number: sequenceNumber, path } });
}
