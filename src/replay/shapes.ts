import { creationTime } from '../record/creation-time.ts';
import { isObject } from '../value/is-object.ts';
import { BATCH_INFO, readBatchRange } from './failure-record.ts';
import type { BatchRecords, ReplayItem } from './replay-item.ts';
import { isShardId } from './shard-range.ts';

/** What a JSON value was recognised as. */
export type Recognised = { readonly items: readonly ReplayItem[] };

/** Why a JSON value can't be replayed, as the end of a sentence that begins with its name. */
export type Unrecognised = { readonly problem: string };

/** Recognises the content of an envelope: a value, JSON text, or bytes of such text. */
export type Inner = (value: unknown) => Recognised | Unrecognised;

type JsonObject = Readonly<Record<string, unknown>>;

/** A form of JSON object that a failure leaves behind, or an envelope of one. */
export type Shape = {
  /** As docs/replay.md shows it, with its origin. */
  readonly form: string;
  readonly from: string;
  readonly fits: (value: JsonObject) => boolean;
  /** Takes out the items to be replayed. Total: throws nothing, and quotes nothing. */
  readonly take: (value: JsonObject, inner: Inner) => Recognised | Unrecognised;
  /** The list that holds the items, and how each element of it is taken. Then `take` checks the other members only. */
  readonly list?: {
    readonly name: string;
    /** The name of an element, in messages. */
    readonly element: string;
    readonly take: (element: unknown, inner: Inner) => Recognised | Unrecognised;
  };
};

const NOTHING: Recognised = { items: [] };

/** Every shape; the first one that fits counts. Envelopes are opened, so shapes may stand in each other. */
export const SHAPES: readonly Shape[] = [
  {
    form: '{requestContext, DDBStreamBatchInfo}',
    from: "Lambda's [failure record](https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html); in S3 with the event in its `payload`",
    fits: (value) => BATCH_INFO in value && !('context' in value),
    take: failureRecord,
  },
  {
    form: '{context, DDBStreamBatchInfo}',
    from: 'the failure record of [EventBridge Pipes](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html)',
    fits: (value) => BATCH_INFO in value,
    take: failureRecord,
  },
  {
    form: '{Records: […]}',
    from: 'a [Lambda event](https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html), or the output of [get-records](https://docs.aws.amazon.com/cli/latest/reference/dynamodbstreams/get-records.html); with messages of [SQS](https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html) or [SNS](https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html) as its records, what they carry',
    fits: (value) => Array.isArray(value['Records']),
    take: (value) =>
      ['window', 'state', 'isFinalInvokeForWindow'].some((name) => name in value)
        ? { problem: 'is an event of a tumbling time window' }
        : NOTHING,
    list: { name: 'Records', element: 'record', take: eventRecord },
  },
  {
    form: '{version: 1, kind, reason, record}',
    from: "a [dead letter](cli.md#dead-letters) of Tailrace's",
    fits: (value) => value['version'] === 1 && 'record' in value && 'kind' in value,
    take: deadLetter,
  },
  {
    form: '{Type: "Notification", Message}',
    from: 'an [SNS](https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html) envelope',
    fits: (value) => value['Type'] === 'Notification' && typeof value['Message'] === 'string',
    take: (value, inner) => inner(value['Message']),
  },
  {
    form: '{Messages: [{Body}]}',
    from: 'the output of [receive-message](https://docs.aws.amazon.com/cli/latest/reference/sqs/receive-message.html)',
    fits: (value) => Array.isArray(value['Messages']),
    take: () => NOTHING,
    list: {
      name: 'Messages',
      element: 'message',
      take: (message, inner) => (isMessage(message) ? inner(message['Body']) : { problem: 'has no Body' }),
    },
  },
  {
    form: '{MessageId, Body}',
    from: 'one message of a queue',
    fits: (value) => 'MessageId' in value && isMessage(value),
    take: (value, inner) => inner(value['Body']),
  },
  {
    form: '{records: [{data}]}',
    from: 'an event of [Firehose](https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html), base64 and all',
    fits: (value) => Array.isArray(value['records']),
    take: () => NOTHING,
    list: {
      name: 'records',
      element: 'record',
      take: (record, inner) => {
        const data = isObject(record) ? record['data'] : undefined;
        return typeof data === 'string' ? inner(Buffer.from(data, 'base64')) : { problem: 'has no data' };
      },
    },
  },
  {
    form: '{detail-type, detail}',
    from: "an event of an [EventBridge](https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html) bus, as a pipe or Lambda's destination sends it",
    fits: (value) => 'detail-type' in value && 'detail' in value,
    take: (value, inner) => inner(value['detail']),
  },
  {
    form: '{requestContext, requestPayload}',
    from: 'what an asynchronous invocation sends to its [destination](https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html)',
    fits: (value) => 'requestPayload' in value,
    take: (value, inner) => inner(value['requestPayload']),
  },
  {
    form: '{dynamodb: {Keys, SequenceNumber}}',
    from: 'one [record](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html) of a stream',
    fits: (value) => isObject(value['dynamodb']),
    take: (value) =>
      isObject(value['dynamodb']) && value['dynamodb']['SequenceNumber'] === undefined && 'tableName' in value
        ? { problem: 'is a record of Kinesis Data Streams for DynamoDB: it has no sequence number' }
        : rawRecords([value]),
  },
];

/** Raw records, as they stand there. */
function rawRecords(list: readonly unknown[]): Recognised {
  return { items: [{ of: 'records', records: list, shardId: null, firstArrivalAt: null, rules: null }] };
}

/** A record of an event. That of a queue or a topic is an envelope; any other is left to the stream handler. */
function eventRecord(record: unknown, inner: Inner): Recognised | Unrecognised {
  if (isObject(record) && record['eventSource'] === 'aws:sqs' && typeof record['body'] === 'string') {
    return inner(record['body']);
  }
  const sns = isObject(record) && record['EventSource'] === 'aws:sns' ? record['Sns'] : undefined;
  if (isObject(sns) && typeof sns['Message'] === 'string') return inner(sns['Message']);
  return rawRecords([record]);
}

function isMessage(value: unknown): value is JsonObject & { readonly Body: string } {
  return isObject(value) && typeof value['Body'] === 'string';
}

/** The payload counts if there is one: it never expires. The range works for as long as the stream stores it. */
function failureRecord(value: JsonObject, inner: Inner): Recognised | Unrecognised {
  const range = readBatchRange(value[BATCH_INFO]);
  if ('problem' in range) return range;
  const payload = value['payload'];
  if (payload === undefined || payload === null || payload === '') return { items: [range] };
  const found = inner(payload);
  if ('problem' in found) return { problem: `has a payload that ${found.problem}` };
  if (!found.items.every(isRaw)) return { problem: 'has a payload that is not an event' };
  const { shardId, firstArrivalAt } = range;
  return { items: found.items.map((item) => ({ ...item, shardId, firstArrivalAt })) };
}

function isRaw(item: ReplayItem): item is BatchRecords {
  return item.of === 'records' && item.rules === null;
}

function deadLetter({ record, shard_id, changed_at, rules }: JsonObject): Recognised | Unrecognised {
  if (!isObject(record)) return { problem: 'is a dead letter that holds no record' };
  const firstArrivalAt = creationTime(changed_at);
  if (firstArrivalAt === undefined) return { problem: 'is a dead letter with a wrong changed_at' };
  const shardId = isShardId(shard_id) ? shard_id : null;
  return {
    items: [
      { of: 'records', records: [record], shardId, firstArrivalAt, rules: typeof rules === 'string' ? rules : null },
    ],
  };
}
