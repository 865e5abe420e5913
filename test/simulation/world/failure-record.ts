import type { ModelRecord, ModelShard, ModelStream } from './change.ts';
import { lambdaRecord } from './records.ts';

/** A batch that Lambda gives up. */
export type FailedBatch = {
  readonly records: readonly ModelRecord[];
  readonly stream: ModelStream;
  readonly shard: ModelShard;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How often it was tried. */
  readonly calls: number;
};

/**
 * What Lambda writes of it: its range in the stream and, where asked for, the event as text within the text.
 *
 * Source: <https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html>
 */
export function failureRecordOf(
  { records, stream, shard, now, calls }: FailedBatch,
  { requestId, withPayload }: { readonly requestId: string; readonly withPayload: boolean },
): string {
  const [first, last] = [records[0], records.at(-1)];
  return JSON.stringify({
    requestContext: {
      requestId,
      functionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:tailrace-Orders',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: calls,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    DDBStreamBatchInfo: {
      shardId: shard.id,
      startSequenceNumber: first?.number,
      endSequenceNumber: last?.number,
      approximateArrivalOfFirstRecord: secondOf(first),
      approximateArrivalOfLastRecord: secondOf(last),
      batchSize: records.length,
      streamArn: stream.arn,
    },
    ...(withPayload && { payload: JSON.stringify({ Records: records.map((record) => lambdaRecord(record, stream)) }) }),
  });
}

function secondOf(record: ModelRecord | undefined): string {
  return new Date(Math.floor((record?.change.at ?? 0) / 1000) * 1000).toISOString();
}
