import type { Checkpoint } from './checkpoint.ts';
import { DESCRIPTION_LAG_MS } from './retention.ts';

/** A shard that is being read. */
export type ReadShard = {
  /** All its records before this time are durable or set aside, in milliseconds since the epoch; `null` if unknown. */
  readonly readUntil: number | null;
};

/**
 * A checkpoint as it is saved now, with the time up to which the whole stream is read.
 *
 * @param shards The shards that are being read; their children have later changes.
 */
export function withReadUntil(checkpoint: Checkpoint, shards: Iterable<ReadShard>, now: number): Checkpoint {
  checkpoint.savedAt = now;
  checkpoint.readUntil = readUntil(shards, checkpoint.describedAt, checkpoint.readUntil);
  return checkpoint;
}

/**
 * The time up to which all changes of a stream are durable, set aside or named as lost, in milliseconds since the epoch; `null`
 * if no such time is known.
 *
 * Shards that a description doesn't show yet began after it, but for the time that descriptions lag behind. The time never goes
 * back: what was durable stays durable.
 *
 * @param describedAt When the stream was last described.
 * @param before The time that was known before.
 */
export function readUntil(
  shards: Iterable<ReadShard>,
  describedAt: number | null,
  before: number | null,
): number | null {
  if (describedAt === null) return before;
  let until = describedAt - DESCRIPTION_LAG_MS;
  for (const shard of shards) {
    if (shard.readUntil === null) return before;
    until = Math.min(until, shard.readUntil);
  }
  return Math.max(until, before ?? until);
}
