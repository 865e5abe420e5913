import type { StreamHandler } from '../delivery/stream-handler.ts';
import { failureFields, policyFor } from '../errors.ts';
import type { Checkpoint } from './checkpoint.ts';
import { countAcknowledged } from './count-acknowledged.ts';
import { describeLoss, type Loss } from './loss.ts';
import type { ReadingEnd, ReadingProgress, StreamAccess } from './reading-options.ts';
import { readStream } from './stream-reading.ts';

/** Time that the handler has for a page. Records that aren't written by then are delivered again. */
const DELIVERY_MS = 60_000;

export type FollowOptions = StreamAccess & {
  /** Where to resume. It moves on while the stream is followed. */
  readonly checkpoint: Checkpoint;
  /** Makes the checkpoint durable, in its state at the moment of the call. Never called twice at once. */
  readonly save: (checkpoint: Checkpoint) => Promise<void>;
  readonly handler: StreamHandler;
  /** Stops, cleanly. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ReadingProgress) => void;
  /** Shards read at once. @default 16 */
  readonly concurrency?: number;
};

export type FollowResult = ReadingEnd & {
  /** Losses noticed since it began. */
  readonly lost: readonly Loss[];
};

/**
 * Follows a stream: feeds every record of every shard to the handler, a parent's before its children's, until the signal
 * comes or the stream is off and read to its end.
 *
 * Every record is delivered at least once, and each item's changes are delivered in their order the first time. Records that
 * the stream dropped in the meantime are named in the result, and reading resumes after them.
 *
 * An idle shard is polled once a second, and a busy one up to five times, which is all that a shard allows. A shard that is new
 * to the reader counts as busy until it is known to be idle.
 *
 * @throws {TailraceError} what the handler halts with, and as {@link readStream}.
 */
export async function followStream({ handler, ...options }: FollowOptions): Promise<FollowResult> {
  const { clock, log } = options;
  const lost: Loss[] = [];
  const attempts = new Map<string, number>();
  const failed = (shardId: string) => {
    const attempt = (attempts.get(shardId) ?? 0) + 1;
    attempts.set(shardId, attempt);
    return { shard_id: shardId, attempt };
  };
  const end = await readStream({
    ...options,
    catchUp: null,
    async take(shardId, records) {
      const deadline = clock.now() + DELIVERY_MS;
      const context = { shardId, getRemainingTimeInMillis: () => deadline - clock.now() };
      try {
        const acknowledged = countAcknowledged(records, await handler({ Records: records }, context));
        if (acknowledged === records.length) attempts.delete(shardId);
        else log.warn('page taken in part, retrying', { ...failed(shardId), records: records.length, acknowledged });
        return acknowledged;
      } catch (error) {
        if (policyFor(error).action === 'halt') throw error;
        log.warn('page not taken, retrying', { ...failed(shardId), records: records.length, ...failureFields(error) });
        return 0;
      }
    },
    onLoss(loss) {
      lost.push(loss);
      log.error('records lost', { shard_id: loss.shardId, range: describeLoss(loss) });
    },
  });
  return { ...end, lost };
}
