import { STREAM_ARN } from './record.ts';

/** The parts of a failure record that a test sets; the others are ordinary. */
export type FailureParts = {
  readonly streamArn?: string;
  readonly shardId?: string;
  readonly from?: unknown;
  readonly to?: unknown;
  readonly batchSize?: unknown;
  readonly firstArrival?: unknown;
  /** As text within text. */
  readonly payload?: unknown;
  readonly envelope?: Readonly<Record<string, unknown>>;
};

/** Lambda's record of a batch that failed for good: in a queue, a topic or, with its payload, a bucket. */
export function failureRecord(parts: FailureParts = {}) {
  const { from = '100', to = from, payload } = parts;
  return {
    requestContext: {
      requestId: '316aa6d0-8154-4a1b-9af7-85d5f4a6bc81',
      functionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:orders',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 3,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: null },
    version: '1.0',
    timestamp: '2026-01-02T03:14:15.678Z',
    DDBStreamBatchInfo: {
      shardId: parts.shardId ?? 'shard-1',
      startSequenceNumber: from,
      endSequenceNumber: to,
      approximateArrivalOfFirstRecord: 'firstArrival' in parts ? parts.firstArrival : '2026-01-02T03:04:05Z',
      approximateArrivalOfLastRecord: '2026-01-02T03:04:06.789Z',
      ...('batchSize' in parts ? { batchSize: parts.batchSize } : { batchSize: 1 }),
      streamArn: parts.streamArn ?? STREAM_ARN,
    },
    ...(payload === undefined ? {} : { payload: typeof payload === 'string' ? payload : JSON.stringify(payload) }),
    ...parts.envelope,
  };
}

/** The record of EventBridge Pipes: the same, with another context. */
export function pipesRecord(parts: FailureParts = {}) {
  const { requestContext: _request, responseContext: _response, ...rest } = failureRecord(parts);
  return {
    context: {
      partnerResourceArn: 'arn:aws:pipes:eu-central-1:123456789012:pipe/orders',
      condition: 'RetryAttemptsExhausted',
    },
    ...rest,
  };
}

/** The envelope in which an SNS topic sends a message to a queue. */
export function snsEnvelope(message: unknown) {
  return {
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: 'arn:aws:sns:eu-central-1:123456789012:failures',
    Message: JSON.stringify(message),
    Timestamp: '2026-01-02T03:14:16.000Z',
    SignatureVersion: '1',
  };
}
