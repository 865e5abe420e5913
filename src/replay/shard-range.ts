import { TailraceError } from '../errors.ts';
import { compareSequenceNumbers, isSequenceNumber } from '../order/position.ts';
import type { StreamDescription } from '../stream/stream-client.ts';
import { isShardId } from './failure-record.ts';

/** A part of a shard, as a person names it; ends that are part of it, or `null` for the shard's own. */
export type ShardRange = { readonly shardId: string; readonly from: string | null; readonly to: string | null };

/**
 * Makes sure that a range can be one.
 *
 * @throws {TailraceError} `usage-invalid` for what is no shard's id or no sequence number, and where it starts after its
 *   end.
 */
export function checkRange({ shardId, from, to }: ShardRange): void {
  if (!isShardId(shardId)) throw invalid(`"${shardId}" can't be the id of a shard`, shardId);
  for (const end of [from, to]) {
    if (end !== null && !isSequenceNumber(end)) throw invalid(`"${end}" is not a sequence number`, shardId);
  }
  if (from !== null && to !== null && compareSequenceNumbers(from, to) > 0) {
    throw invalid(`The range starts at ${from}, after its end ${to}`, shardId);
  }
}

/**
 * Makes sure that a stream has the shard, and that the range isn't outside of it.
 *
 * @throws {TailraceError} `stream-trimmed` if the stream has no such shard any more, or never had; `usage-invalid` if the
 *   shard has no such range.
 */
export function requireRange({ arn, shards }: StreamDescription, { shardId, from, to }: ShardRange): void {
  const shard = shards.find(({ id }) => id === shardId);
  if (!shard) {
    throw new TailraceError('stream-trimmed', `Stream ${arn} has no shard ${shardId}, or has it no more`, {
      context: { shard_id: shardId },
      remedy: 'Check the id; if the shard is older than 24 hours, its records are gone: run `tailrace backfill TABLE`.',
    });
  }
  const { startingSequenceNumber: first, endingSequenceNumber: last } = shard;
  if (to !== null && first !== null && compareSequenceNumbers(to, first) < 0) {
    throw invalid(`The range ends at ${to}, before shard ${shardId} starts at ${first}`, shardId);
  }
  if (from !== null && first !== null && compareSequenceNumbers(from, first) < 0) {
    throw invalid(`The range starts at ${from}, before shard ${shardId} does at ${first}`, shardId);
  }
  if (from !== null && last !== null && compareSequenceNumbers(from, last) > 0) {
    throw invalid(`The range starts at ${from}, after shard ${shardId} ends at ${last}`, shardId);
  }
}

function invalid(message: string, shardId: string): TailraceError {
  return new TailraceError('usage-invalid', message, {
    context: { shard_id: shardId },
    remedy: 'Take shard and sequence numbers from one failure record, or from `aws dynamodbstreams describe-stream`.',
  });
}
