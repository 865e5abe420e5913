import type { StreamHandler } from '../delivery/stream-handler.ts';
import { failureFields, policyFor } from '../errors.ts';
import type { Checkpoint } from './checkpoint.ts';
import { countAcknowledged } from './count-acknowledged.ts';
import { describeLoss, type Loss } from './loss.ts';
import type { ReadingEnd, ReadingProgress, StreamAccess } from './reading-options.ts';
import { readStream } from './stream-reading.ts';

/** Time the handler has for a page. What it couldn't write by then is delivered again. */
const DELIVERY_MS = 60_000;

export type FollowOptions = StreamAccess & {
  /** Where to go on. Kept up to date while the stream is followed. */
  readonly checkpoint: Checkpoint;
  /** Makes the checkpoint durable. Its state at the moment of the call counts. Never called twice at once. */
  readonly save: (checkpoint: Checkpoint) => Promise<void>;
  readonly handler: StreamHandler;
  /** Stops, cleanly. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ReadingProgress) => void;
  /** @default 16 shards in hand at once */
  readonly concurrency?: number;
};

export type FollowResult = ReadingEnd & {
  /** What was noticed to be lost since it began. */
  readonly lost: readonly Loss[];
};

/**
 * Follows a stream: feeds every record of every shard to the handler, a parent's before its children's, until the signal
 * comes or the stream is off and read to its end.
 *
 * Every record is delivered at least once, and each item's changes are delivered in their order the first time. What the
 * stream has dropped in the meantime is named in the result, and reading goes on behind it.
 *
 * An idle shard is asked for news once a second, and a busy one up to five times, which is all that a shard allows; so is one
 * that is new to the reader, until it is known to be idle.
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
        const settled = countAcknowledged(records, await handler({ Records: records }, context));
        if (settled === records.length) attempts.delete(shardId);
        else log.warn('page taken in part, retrying', { ...failed(shardId), records: records.length, settled });
        return settled;
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
