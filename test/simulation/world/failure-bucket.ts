import type { Random } from '../../../src/random.ts';
import { lambdaRecord } from './records.ts';
import type { ModelRecord, ModelShard, ModelStream } from './stream.ts';

const MAPPING = '7e2b1d5c-6f0a-4c3e-9b8d-0a1b2c3d4e5f';

/** The bucket that Lambda puts the batches into which it gives up on. */
export class FailureBucket {
  readonly objects = new Map<string, string>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /**
   * Writes a batch as Lambda does: its place in the stream and, unless it is too large for that, the event itself as
   * text within the text.
   *
   * Source: <https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html>
   */
  put(
    records: readonly ModelRecord[],
    stream: ModelStream,
    shard: ModelShard,
    { now, calls, huge }: { readonly now: number; readonly calls: number; readonly huge: boolean },
  ): void {
    const time = new Date(now).toISOString();
    const day = time.slice(0, 10).replaceAll('-', '/');
    const key = `aws/lambda/${MAPPING}/${shard.id}/${day}/${time.slice(0, 19).replaceAll(':', '.')}-${this.#random.hex(8)}`;
    const [first, last] = [records[0], records.at(-1)];
    const body = {
      requestContext: {
        requestId: this.#random.hex(32),
        functionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:tailrace-Orders',
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: calls,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: time,
      DDBStreamBatchInfo: {
        shardId: shard.id,
        startSequenceNumber: first?.number,
        endSequenceNumber: last?.number,
        approximateArrivalOfFirstRecord: secondOf(first),
        approximateArrivalOfLastRecord: secondOf(last),
        batchSize: records.length,
        streamArn: stream.arn,
      },
      ...(!huge && { payload: JSON.stringify({ Records: records.map((record) => lambdaRecord(record, stream)) }) }),
    };
    this.objects.set(key, JSON.stringify(body));
  }
}

function secondOf(record: ModelRecord | undefined): string {
  return new Date(Math.floor((record?.change.at ?? 0) / 1000) * 1000).toISOString();
}
