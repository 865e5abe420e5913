import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { recognise, recogniseText } from '../../../src/replay/recognise.ts';
import { failureRecord, pipesRecord, snsEnvelope } from '../../support/stream/failure-record.ts';
import { STREAM_ARN, streamRecord } from '../../support/stream/record.ts';

const ARRIVAL = Date.parse('2026-01-02T03:04:05Z');
const RANGE = {
  of: 'range',
  streamArn: STREAM_ARN,
  shardId: 'shard-1',
  from: '100',
  to: '300',
  batchSize: 3,
  firstArrivalAt: ARRIVAL,
};
const records = [streamRecord(), streamRecord()];
const event = { Records: records };
const failure = failureRecord({ from: '100', to: '300', batchSize: 3 });
const stored = { of: 'records', records, shardId: null, firstArrivalAt: null, rules: null };
const letter = {
  version: 1,
  table: 'Orders',
  stream_arn: STREAM_ARN,
  shard_id: 'shard-7',
  sequence_number: '42',
  kind: 'record-invalid',
  reason: 'eventName is none of INSERT, MODIFY, REMOVE',
  at: '2026-01-02T03:04:05.000Z',
  rules: null,
  record: records[0],
};

describe('a JSON value is recognised by its shape alone', () => {
  test.each([
    ['a Lambda event', event, [stored]],
    ['the output of get-records', { ...event, NextShardIterator: 'x' }, [stored]],
    ['an event without records', { Records: [] }, []],
    ["Lambda's failure record", failure, [RANGE]],
    ["EventBridge Pipes' record", pipesRecord({ from: '100', to: '300', batchSize: 3 }), [RANGE]],
    [
      'a failure object with its payload',
      failureRecord({ from: '100', to: '300', payload: event }),
      [{ ...stored, shardId: 'shard-1', firstArrivalAt: ARRIVAL }],
    ],
    ['a failure object whose payload was too large', { ...failure, payload: '' }, [RANGE]],
    ['an SNS envelope', snsEnvelope(failure), [RANGE]],
    [
      'messages of a queue',
      { Messages: [{ Body: JSON.stringify(failure) }, { Body: JSON.stringify(event) }] },
      [RANGE, stored],
    ],
    ['messages of a topic in a queue', { Messages: [{ Body: JSON.stringify(snsEnvelope(failure)) }] }, [RANGE]],
    ['a dead letter', letter, [{ ...stored, records: [records[0]], shardId: 'shard-7' }]],
    [
      'a dead letter with the time that its batch gave its record',
      { ...letter, changed_at: '2026-01-02T03:04:05.000Z' },
      [{ ...stored, records: [records[0]], shardId: 'shard-7', firstArrivalAt: ARRIVAL }],
    ],
    [
      'a dead letter that has been through rules',
      { ...letter, rules: 'abc' },
      [{ ...stored, records: [records[0]], shardId: 'shard-7', rules: 'abc' }],
    ],
  ])('%s', (_, value, items) => {
    expect(recognise(value)).toEqual({ items });
    expect(recogniseText(JSON.stringify(value))).toEqual(recognise(JSON.parse(JSON.stringify(value))));
  });

  test('one that starts where it ends is a range of one record', () => {
    expect(recognise(failureRecord({ from: '9', to: '9' }))).toMatchObject({ items: [{ from: '9', to: '9' }] });
  });

  test.each([
    ['2026-01-02T03:04:05Z', ARRIVAL],
    ['2026-01-02T03:04:05.250Z', ARRIVAL + 250],
    [ARRIVAL / 1000, ARRIVAL],
    [undefined, null],
  ])('arrival %s is read, with and without milliseconds', (firstArrival, firstArrivalAt) => {
    expect(recognise(failureRecord({ firstArrival }))).toMatchObject({ items: [{ firstArrivalAt }] });
  });

  test.each([[undefined], [0], [-1], [1.5], ['3'], [null]])('batch size %s is none', (batchSize) => {
    expect(recognise(failureRecord({ batchSize }))).toMatchObject({ items: [{ batchSize: null }] });
  });
});

const one = records[0];
const alone = [{ ...stored, records: [one] }];
const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64');
const bus = (detail: unknown) => ({
  version: '0',
  'detail-type': 'Event',
  source: 'Pipe orders',
  resources: [],
  detail,
});
const lambda = (payload: unknown) => ({
  version: '1.0',
  requestContext: {},
  requestPayload: payload,
  responseContext: {},
});
const message = (body: unknown) => ({ MessageId: 'a', ReceiptHandle: 'b', Body: JSON.stringify(body) });
const firehose = (...data: readonly (string | Uint8Array)[]) => ({
  invocationId: 'a',
  records: data.map((text) => ({ recordId: '1', data: base64(text) })),
});

describe('whatever carries one of these is opened', () => {
  test.each([
    ['one record', one, alone],
    ['a list of records', records, [stored]],
    ['a list of events', [event, event], [stored, stored]],
    ['an event of a bus', bus(one), alone],
    ['a failure record on a bus', bus(failure), [RANGE]],
    ["an asynchronous invocation's destination", lambda(event), [stored]],
    ['the same, on a bus', bus(lambda(event)), [stored]],
    ['one message of a queue', message(event), [stored]],
    ['a list of messages', [message(event), message(failure)], [stored, RANGE]],
    ['an event of SQS', { Records: [{ eventSource: 'aws:sqs', body: JSON.stringify(failure) }] }, [RANGE]],
    ['an event of SNS', { Records: [{ EventSource: 'aws:sns', Sns: { Message: JSON.stringify(event) } }] }, [stored]],
    ['JSON as text in JSON', JSON.stringify(event), [stored]],
    ['an event of Firehose', firehose(JSON.stringify(one)), alone],
    ['what Firehose joined', firehose(JSON.stringify(one) + JSON.stringify(one)), [...alone, ...alone]],
    ['gzip in an event of Firehose', firehose(gzipSync(`${JSON.stringify(event)}\n`)), [stored]],
    ['all of it at once', bus(lambda(firehose(JSON.stringify([message(snsEnvelope(failure))])))), [RANGE]],
  ])('%s', (_, value, items) => {
    expect(recognise(value)).toEqual({ items });
    expect(recogniseText(JSON.stringify(value))).toEqual(recognise(JSON.parse(JSON.stringify(value))));
  });

  test.each([
    ['events one a line', `${JSON.stringify(event)}\r\n\r\n${JSON.stringify(one)}\n`, [stored, ...alone]],
    ['events with nothing between', JSON.stringify(event) + JSON.stringify(failure), [stored, RANGE]],
  ])('%s', (_, text, items) => {
    expect(recogniseText(text)).toEqual({ items: JSON.parse(JSON.stringify(items)) });
    expect(recogniseText(gzipSync(text))).toEqual(recogniseText(text));
  });

  test.each([
    [
      'a list whose second is nothing',
      [one, { planted: 1 }],
      'holds element 1, which is of no shape that can be replayed',
    ],
    ['a record of Firehose without data', { records: [{}] }, 'holds record 0, which has no data'],
    [
      'a record of Kinesis Data Streams',
      { tableName: 'Orders', eventName: 'INSERT', dynamodb: { Keys: {} } },
      'is a record of Kinesis Data Streams for DynamoDB: it has no sequence number',
    ],
    [
      'a bomb',
      firehose(gzipSync(Buffer.alloc(40_000_000, ' '))),
      'holds record 0, which is gzip that is damaged or too large',
    ],
  ])('%s is named', (_, value, problem) => {
    expect(recognise(value)).toEqual({ problem });
  });
});

describe('what is nothing of the sort is refused by name, and nothing of it is quoted', () => {
  test.each([
    ['a number', 7, 'is not a JSON object'],
    ['a list of numbers', [event, 7], 'holds element 1, which is not a JSON object'],
    ['an object', { planted: 'planted' }, 'is of no shape that can be replayed'],
    [
      'a start greater than its end',
      failureRecord({ from: '300', to: '29' }),
      'has a DDBStreamBatchInfo whose startSequenceNumber is greater than its endSequenceNumber',
    ],
    [
      'no start',
      failureRecord({ from: 'planted' }),
      'has a DDBStreamBatchInfo whose startSequenceNumber is not a sequence number',
    ],
    ['no end', failureRecord({ to: 7 }), 'has a DDBStreamBatchInfo whose endSequenceNumber is not a sequence number'],
    [
      'no stream',
      failureRecord({ streamArn: 'planted' }),
      "has a DDBStreamBatchInfo whose streamArn is not a DynamoDB stream's ARN",
    ],
    [
      'a shard that is a path',
      failureRecord({ shardId: '../planted' }),
      "has a DDBStreamBatchInfo whose shardId is not a shard's id",
    ],
    [
      'no arrival',
      failureRecord({ firstArrival: 'planted' }),
      'has a DDBStreamBatchInfo whose approximateArrivalOfFirstRecord is not a time',
    ],
    [
      'batch information that is none',
      { DDBStreamBatchInfo: 'planted' },
      'has a DDBStreamBatchInfo that is not an object',
    ],
    [
      "a Kinesis stream's failure",
      { KinesisBatchInfo: {} },
      "is a failure record of a Kinesis stream, not of a table's",
    ],
    [
      'a truncated payload',
      failureRecord({ payload: JSON.stringify(event).slice(0, -9) }),
      'has a payload that ends within a JSON value',
    ],
    ['a payload that is no event', failureRecord({ payload: failureRecord() }), 'has a payload that is not an event'],
    ['a time window', { ...event, window: {} }, 'is an event of a tumbling time window'],
    [
      'a dead letter with what is no time',
      { ...letter, changed_at: 'planted' },
      'is a dead letter with a wrong changed_at',
    ],
    ['a dead letter without a record', { ...letter, record: null }, 'is a dead letter that holds no record'],
    ['a message without a body', { Messages: [{}] }, 'holds message 0, which has no Body'],
    [
      'envelopes without end',
      Array.from({ length: 9 }).reduce((value: unknown) => snsEnvelope(value), failure),
      'is wrapped in too many envelopes',
    ],
  ])('%s', (_, value, problem) => {
    expect(recognise(value)).toEqual({ problem });
    expect(problem).not.toContain('planted');
  });

  test.each([
    ['', 'is empty'],
    [' \n', 'is empty'],
    ['{"planted', 'ends within a JSON value'],
    ['{"planted"}', 'is not JSON'],
    ['planted', 'is not JSON'],
  ])('text %j', (text, problem) => {
    expect(recogniseText(text)).toEqual({ problem });
  });

  test('text that begins with a byte order mark is read', () => {
    expect(recogniseText(`\uFEFF${JSON.stringify(event)}`)).toEqual({ items: [stored] });
  });
});
