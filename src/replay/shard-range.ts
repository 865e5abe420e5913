import { TailraceError } from '../errors.ts';
import { compareSequenceNumbers, isSequenceNumber } from '../order/position.ts';
import type { StreamDescription } from '../stream/stream-client.ts';

/** A shard's id, as the API takes it: it can't be a path, or contain a line end. */
const SHARD_ID = /^[A-Za-z0-9_.-]{1,65}$/;

/** A part of a shard, as a person names it. Both ends are inclusive; `null` is the shard's own. */
export type ShardRange = { readonly shardId: string; readonly from: string | null; readonly to: string | null };

/** Whether `text` can be the id of a shard. */
export function isShardId(text: unknown): text is string {
  return typeof text === 'string' && SHARD_ID.test(text);
}

/**
 * Makes sure that a range is well-formed.
 *
 * @throws {TailraceError} `usage-invalid` if it has no shard's id, an end that is not a sequence number, or its ends in the
 *   wrong order.
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
 * Makes sure that a stream has the shard, and that the range lies within it.
 *
 * @throws {TailraceError} `stream-trimmed` if the stream has no such shard any more, or never had; `usage-invalid` if the
 *   shard has no such range.
 */
export function requireRange({ arn, shards }: StreamDescription, { shardId, from, to }: ShardRange): void {
  const shard = shards.find(({ id }) => id === shardId);
  if (!shard) {
    throw new TailraceError('stream-trimmed', `Stream ${arn} has no shard ${shardId}, or no longer has it`, {
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
