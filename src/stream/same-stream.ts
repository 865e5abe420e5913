import { TailraceError } from '../errors.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { StreamDescription } from './stream-client.ts';

/** Some servers round times of creation down to the minute. */
const ROUNDING_MS = 60_000;

/**
 * Makes sure that a stream is the checkpoint's, and notes when it was switched on. A server that holds its streams in memory
 * may come back with another one of the same ARN, shards and sequence numbers.
 *
 * @throws {TailraceError} `stream-changed` if it was switched on at another time.
 */
export function requireSameStream(checkpoint: Checkpoint, { arn, createdAt }: StreamDescription): void {
  checkpoint.createdAt ??= createdAt;
  if (Math.abs(checkpoint.createdAt - createdAt) < ROUNDING_MS) return;
  const before = isoOf(checkpoint.createdAt);
  throw new TailraceError(
    'stream-changed',
    `Stream ${arn} was switched on at ${isoOf(createdAt)}; the stream that was read is another one of the same name, of ${before}`,
    {
      context: { stream_arn: arn },
      remedy: 'Give another --state directory, and run `tailrace backfill TABLE`: changes between the two are lost.',
    },
  );
}

/** A server that counts in milliseconds where others count in seconds gives times beyond what a Date can hold. */
function isoOf(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString();
}
