import { compareSequenceNumbers, isSequenceNumber } from '../order/position.ts';
import { parseStreamArn } from '../order/stream-arn.ts';
import { creationTime } from '../record/creation-time.ts';
import { isObject } from '../value/is-object.ts';
import type { BatchRange } from './replay-item.ts';
import { isShardId } from './shard-range.ts';

/** The member of a failure record of a DynamoDB stream that names the range of its batch. */
export const BATCH_INFO = 'DDBStreamBatchInfo';

/**
 * Reads the range of a failure record, or gives in one phrase why it is none.
 *
 * Lambda and EventBridge Pipes write it alike. Times come with and without milliseconds; a batch's size may be absent.
 *
 * Source: <https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html>
 */
export function readBatchRange(info: unknown): BatchRange | { readonly problem: string } {
  const wrong = (name: string, what: string) => ({ problem: `has a ${BATCH_INFO} whose ${name} ${what}` });
  if (!isObject(info)) return { problem: `has a ${BATCH_INFO} that is not an object` };
  const { streamArn, shardId, startSequenceNumber: from, endSequenceNumber: to, batchSize } = info;
  const arn = parseStreamArn(streamArn);
  if (!arn) return wrong('streamArn', "is not a DynamoDB stream's ARN");
  if (!isShardId(shardId)) return wrong('shardId', "is not a shard's id");
  if (!isSequenceNumber(from)) return wrong('startSequenceNumber', 'is not a sequence number');
  if (!isSequenceNumber(to)) return wrong('endSequenceNumber', 'is not a sequence number');
  if (compareSequenceNumbers(from, to) > 0)
    return wrong('startSequenceNumber', 'is greater than its endSequenceNumber');
  const firstArrivalAt = creationTime(info['approximateArrivalOfFirstRecord']);
  if (firstArrivalAt === undefined) return wrong('approximateArrivalOfFirstRecord', 'is not a time');
  return {
    of: 'range',
    streamArn: arn.text,
    shardId,
    from,
    to,
    batchSize: isCount(batchSize) ? batchSize : null,
    firstArrivalAt,
  };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}
