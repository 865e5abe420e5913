import { describe, expect, test } from 'vitest';
import { decode, earliestTime, sequenceNumberOf } from '../../../src/record/decode.ts';
import { STREAM_ARN, streamRecord, TABLE_ARN } from '../../support/stream/record.ts';

const NO_DEFAULTS = { changedAt: null };

describe('decode', () => {
  test('gives what the record says', () => {
    const change = decode(
      streamRecord({
        operation: 'MODIFY',
        sequenceNumber: '4421584500000000017450439092',
        keys: { id: { N: '101' } },
        newImage: { id: { N: '101' }, a: { S: 'new' } },
        oldImage: { id: { N: '101' }, a: { S: 'old' } },
        time: 1_428_537_600,
      }),
      NO_DEFAULTS,
    );

    expect(change).toEqual({
      stream: { text: STREAM_ARN, tableArn: TABLE_ARN, tableName: 'Orders', label: '2026-01-02T03:04:05.678' },
      sequenceNumber: '4421584500000000017450439092',
      eventId: 'event-4421584500000000017450439092',
      changedAt: Date.parse('2015-04-09T00:00:00Z'),
      operation: 'MODIFY',
      keys: { id: { N: '101' } },
      newImage: { id: { N: '101' }, a: { S: 'new' } },
      oldImage: { id: { N: '101' }, a: { S: 'old' } },
      expired: false,
    });
  });

  test.each([
    [1_480_642_020, '2016-12-02T01:27:00.000Z'],
    [1_693_997_155.0, '2023-09-06T10:45:55.000Z'],
    [1_693_997_155.25, '2023-09-06T10:45:55.250Z'],
    [new Date('2023-09-06T10:45:55Z'), '2023-09-06T10:45:55.000Z'],
    ['2019-10-23T12:43:48-04:00', '2019-10-23T16:43:48.000Z'],
  ])('reads the time %s as %s', (time, iso) => {
    expect(new Date(decode(streamRecord({ time }), NO_DEFAULTS).changedAt).toISOString()).toBe(iso);
  });

  test.each([1_480_642_020_000, -1, Number.NaN, 'yesterday', '1480642020', {}, new Date(Number.NaN)])(
    'refuses the time %s',
    (time) => {
      expect(() => decode(streamRecord({ time }), NO_DEFAULTS)).toThrow(
        'dynamodb.ApproximateCreationDateTime is not a time',
      );
    },
  );

  test("takes its batch's time for a record without one, and never the clock's", () => {
    expect(decode(streamRecord({ time: null }), { changedAt: 1_700_000_000_000 }).changedAt).toBe(1_700_000_000_000);
    expect(() => decode(streamRecord({ time: null }), NO_DEFAULTS)).toThrow('no other record of the batch has one');
  });

  test.each([
    ['REMOVE', { type: 'Service', principalId: 'dynamodb.amazonaws.com' }, true],
    ['REMOVE', { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' }, true],
    ['REMOVE', { type: 'Service', principalId: 'elsewhere.amazonaws.com' }, false],
    ['REMOVE', { type: 'User', principalId: 'dynamodb.amazonaws.com' }, false],
    ['REMOVE', undefined, false],
    ['REMOVE', 'dynamodb.amazonaws.com', false],
    ['INSERT', { type: 'Service', principalId: 'dynamodb.amazonaws.com' }, false],
  ])('%s by %j: expired %s', (operation, userIdentity, expired) => {
    const envelope = userIdentity === undefined ? {} : { userIdentity };
    expect(decode(streamRecord({ operation, envelope }), NO_DEFAULTS).expired).toBe(expired);
  });

  test.each(['KEYS_ONLY', 'OLD_IMAGE'])('a stream of %s can never be used, and is named as such', (StreamViewType) => {
    expect(() => decode(streamRecord({ newImage: undefined, body: { StreamViewType } }), NO_DEFAULTS)).toThrow(
      expect.objectContaining({ kind: 'stream-view-type', context: { table: 'Orders', stream_arn: STREAM_ARN } }),
    );
  });

  test('a stream of NEW_IMAGE works, without old images', () => {
    const change = decode(streamRecord({ body: { StreamViewType: 'NEW_IMAGE' } }), NO_DEFAULTS);

    expect(change).toMatchObject({ operation: 'MODIFY', oldImage: null });
  });

  test.each([
    ['no object', 7, 'Record is not an object'],
    ['an array', [], 'Record is not an object'],
    ['no body', { eventName: 'INSERT' }, 'dynamodb is missing'],
    [
      "a Kinesis stream's record",
      streamRecord({ body: { SequenceNumber: undefined } }),
      'records of a Kinesis data stream have none',
    ],
    [
      'a number for a sequence number',
      streamRecord({ body: { SequenceNumber: 111 } }),
      'SequenceNumber is not 1 to 40 digits',
    ],
    [
      'a sequence number of 41 digits',
      streamRecord({ sequenceNumber: '1'.repeat(41) }),
      'SequenceNumber is not 1 to 40 digits',
    ],
    [
      'no ARN',
      streamRecord({ envelope: { eventSourceARN: undefined } }),
      "eventSourceARN is not a DynamoDB stream's ARN",
    ],
    ['an unknown operation', streamRecord({ operation: 'FOOBAR' }), 'eventName is none of INSERT, MODIFY, REMOVE'],
    ['no operation', streamRecord({ envelope: { eventName: null } }), 'eventName is none of'],
    ['no keys', streamRecord({ body: { Keys: undefined } }), 'dynamodb.Keys is missing'],
    [
      'an INSERT without an image',
      streamRecord({ operation: 'INSERT', newImage: undefined }),
      'NewImage is missing from the INSERT',
    ],
    ['a REMOVE with a new image', streamRecord({ operation: 'REMOVE', newImage: {} }), 'NewImage stands in a REMOVE'],
    ['an image that is text', streamRecord({ newImage: 'secret' }), 'dynamodb.NewImage is not an object'],
    ['an old image that is a list', streamRecord({ oldImage: ['secret'] }), 'dynamodb.OldImage is not an object'],
  ])('refuses %s by name', (_, record, message) => {
    expect(() => decode(record, NO_DEFAULTS)).toThrow(
      expect.objectContaining({ kind: 'record-invalid', message: expect.stringContaining(message) }),
    );
  });

  test('names the sequence number of what it refuses', () => {
    expect(() => decode(streamRecord({ sequenceNumber: '42', operation: 'FOOBAR' }), NO_DEFAULTS)).toThrow(
      expect.objectContaining({ context: { sequence_number: '42', path: 'eventName' } }),
    );
  });
});

test('a binary key that is written differently beside the image is the one that a scan gives', () => {
  const keys = { id: { B: 'aXRlbS0x' }, at: { N: '1' } };
  const written = { id: { B: 'YVhSbGJTMHg=' }, at: { N: '1' } };
  const record = { keys: written, newImage: { ...keys, v: { S: 'x' } } };

  expect(decode(streamRecord(record), NO_DEFAULTS).keys).toEqual(keys);
  const removal = { keys: written, operation: 'REMOVE', newImage: undefined };
  expect(decode(streamRecord({ ...removal, oldImage: keys }), NO_DEFAULTS).keys).toEqual(keys);
  expect(decode(streamRecord(removal), NO_DEFAULTS).keys).toEqual(written);
});

test('an image without the key, or with another type in its place, leaves the key as it is', () => {
  const keys = { id: { B: 'aXRlbS0x' }, at: { N: '1' } };
  for (const newImage of [{}, { id: { NULL: true }, at: { N: '2' } }]) {
    expect(decode(streamRecord({ keys, newImage }), NO_DEFAULTS).keys).toEqual(keys);
  }
});

test('the earliest time of a batch skips what has none, or a broken one', () => {
  const times = [null, 1_700_000_100, 'broken', 1_700_000_000, 1_700_000_200];

  expect(earliestTime([7, ...times.map((time) => streamRecord({ time }))])).toBe(1_700_000_000_000);
  expect(earliestTime([streamRecord({ time: null })])).toBeNull();
});

test('a sequence number is found however broken the rest of the record is', () => {
  expect(sequenceNumberOf({ dynamodb: { SequenceNumber: '42', Keys: 7 } })).toBe('42');
  expect(sequenceNumberOf({ dynamodb: { SequenceNumber: '' } })).toBeNull();
  expect(sequenceNumberOf('42')).toBeNull();
});
