import { TailraceError } from '../errors.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { StreamDescription } from './stream-client.ts';

/** Some servers cut times of creation to the minute. */
const CUT_MS = 60_000;

/**
 * Makes sure that a stream is the one that a checkpoint is of, and notes when it was switched on. A server that keeps its
 * streams in memory may come back with another one of the same ARN, shards and sequence numbers.
 *
 * @throws {TailraceError} `stream-changed` if it was switched on at another time.
 */
export function requireSameStream(checkpoint: Checkpoint, { arn, createdAt }: StreamDescription): void {
  checkpoint.createdAt ??= createdAt;
  if (Math.abs(checkpoint.createdAt - createdAt) < CUT_MS) return;
  const before = timeOf(checkpoint.createdAt);
  throw new TailraceError(
    'stream-changed',
    `Stream ${arn} was switched on at ${timeOf(createdAt)}; what is being read is one of the same name, of ${before}`,
    {
      context: { stream_arn: arn },
      remedy: 'Give another --state directory, and run `tailrace backfill TABLE`: changes between the two are lost.',
    },
  );
}

/** A server may count in milliseconds what others count in seconds. */
function timeOf(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString();
}
