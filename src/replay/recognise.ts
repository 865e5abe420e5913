import { creationTime } from '../record/creation-time.ts';
import { isObject } from '../value/is-object.ts';
import { BATCH_INFO, isShardId, readBatchRange } from './failure-record.ts';
import type { ReplayItem } from './replay-item.ts';

/** What a JSON value turned out to be. */
export type Recognised = {
  readonly shape: 'event' | 'failure-record' | 'dead-letter' | 'messages';
  readonly items: readonly ReplayItem[];
};

/** Why a JSON value is nothing that can be replayed, as the end of a sentence that begins with its name. */
export type Unrecognised = { readonly problem: string };

/** Envelopes within envelopes: a failure record in an SNS notification in an SQS message is as deep as it gets. */
const MAX_DEPTH = 4;

/**
 * Finds out by itself what a JSON value is, and takes the records or ranges out of it.
 *
 * | shape | from |
 * |---|---|
 * | `{Records: […]}` | a [Lambda event](https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html), or the output of [get-records](https://docs.aws.amazon.com/cli/latest/reference/dynamodbstreams/get-records.html) |
 * | `{requestContext, DDBStreamBatchInfo}` | Lambda's [failure record](https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html); in S3 with the event as text in its `payload` |
 * | `{context, DDBStreamBatchInfo}` | that of [EventBridge Pipes](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html) |
 * | `{Type: "Notification", Message}` | any of them through [SNS](https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html) |
 * | `{Messages: [{Body}]}` | any of them, by [receive-message](https://docs.aws.amazon.com/cli/latest/reference/sqs/receive-message.html) |
 * | `{version: 1, kind, reason, record}` | a dead letter of Tailrace's |
 *
 * Pure and total: whatever it is given, it gives one or the other and throws nothing. What it says holds no attribute
 * value. Single records aren't looked at: that is for who delivers them.
 */
export function recognise(value: unknown, depth = 0): Recognised | Unrecognised {
  if (!isObject(value)) return { problem: 'is no JSON object' };
  if (depth >= MAX_DEPTH) return { problem: 'is wrapped in too many envelopes' };
  if (BATCH_INFO in value) return failureRecord(value, depth);
  if ('KinesisBatchInfo' in value) return { problem: "is a failure record of a Kinesis stream, not of a table's" };
  if (Array.isArray(value['Records'])) return event(value, value['Records']);
  if (value['version'] === 1 && 'record' in value && 'kind' in value) return deadLetter(value);
  if (value['Type'] === 'Notification' && typeof value['Message'] === 'string') {
    return recogniseText(value['Message'], depth + 1);
  }
  if (Array.isArray(value['Messages'])) return messages(value['Messages'], depth);
  return { problem: 'is none of: event, failure record, dead letter' };
}

/** As {@link recognise}, from JSON text. */
export function recogniseText(text: string, depth = 0): Recognised | Unrecognised {
  if (text.trim() === '') return { problem: 'is empty' };
  const value = parse(text.replace(/^\uFEFF/, ''));
  return value === undefined ? { problem: 'is not JSON' } : recognise(value, depth);
}

function event(value: Record<string, unknown>, records: readonly unknown[]): Recognised | Unrecognised {
  if ('window' in value || 'state' in value) return { problem: 'is an event of a tumbling time window' };
  return {
    shape: 'event',
    items: [{ of: 'records', records, shardId: null, firstArrivalAt: null, rules: null }],
  };
}

/** The payload counts where there is one: it works for ever. The range works for as long as the stream keeps it. */
function failureRecord(value: Record<string, unknown>, depth: number): Recognised | Unrecognised {
  const range = readBatchRange(value[BATCH_INFO]);
  if ('problem' in range) return range;
  const payload = value['payload'];
  if (payload === undefined || payload === null || payload === '') return { shape: 'failure-record', items: [range] };

  const inner = typeof payload === 'string' ? recogniseText(payload, depth + 1) : recognise(payload, depth + 1);
  if ('problem' in inner) return { problem: `has a payload that ${inner.problem}` };
  if (inner.shape !== 'event') return { problem: 'has a payload that is no event' };
  const { shardId, firstArrivalAt } = range;
  return {
    shape: 'failure-record',
    items: inner.items.map((item) => ({ ...item, shardId, firstArrivalAt })),
  };
}

function deadLetter({ record, shard_id, changed_at, rules }: Record<string, unknown>): Recognised | Unrecognised {
  if (!isObject(record)) return { problem: 'is a dead letter that holds no record' };
  const firstArrivalAt = creationTime(changed_at);
  if (firstArrivalAt === undefined) return { problem: "is a dead letter whose changed_at can't be" };
  return {
    shape: 'dead-letter',
    items: [
      {
        of: 'records',
        records: [record],
        shardId: isShardId(shard_id) ? shard_id : null,
        firstArrivalAt,
        rules: typeof rules === 'string' ? rules : null,
      },
    ],
  };
}

function messages(list: readonly unknown[], depth: number): Recognised | Unrecognised {
  const items: ReplayItem[] = [];
  for (const [index, message] of list.entries()) {
    const body = isObject(message) ? message['Body'] : undefined;
    const inner = typeof body === 'string' ? recogniseText(body, depth + 1) : { problem: 'has no Body' };
    if ('problem' in inner) return { problem: `holds message ${index}, which ${inner.problem}` };
    items.push(...inner.items);
  }
  return { shape: 'messages', items };
}

/** `undefined` if it isn't JSON. The parser's own message is dropped: it quotes the text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
