import type { IteratorStart } from './stream-client.ts';

/** How far one shard has come. */
export type ShardProgress = {
  readonly parentId: string | null;
  /**
   * Where reading goes on after a restart: never ahead of what is durable.
   *
   * TRIM_HORIZON until the shard gave its first record; AT that one until something is durable, so that its trimming
   * is noticed; AFTER the last durable one from then on.
   */
  readonly resume: IteratorStart;
  /** Read to its end, or gone. */
  readonly done: boolean;
  /**
   * When the stream was last described without this shard, in milliseconds since the epoch: no record in it is older.
   * `null` if the first description of all had it: what was trimmed before its first reading was never promised.
   */
  readonly absentAt: number | null;
};

/** Records that the stream dropped before they were durable. */
export type LostRange = {
  readonly shardId: string;
  /** Where reading was to go on. */
  readonly start: IteratorStart;
  /** The first record that was still there; `null` if none was, or none in this shard. */
  readonly before: string | null;
  /** When it was noticed, in milliseconds since the epoch. */
  readonly noticedAt: number;
};

/**
 * How far a tail has come: what it goes on from, and what it says of the past.
 *
 * It changes while the stream is followed, and at every moment names only what is durable: it may be saved at any.
 */
export type Checkpoint = {
  readonly streamArn: string;
  /** Name of the destination. */
  readonly destination: string;
  /** The table's stream before this one, if the tail had followed that: what changed in between is unproven. */
  readonly replaces: string | null;
  /** When the stream was last described, in milliseconds since the epoch; `null` before the first time. */
  describedAt: number | null;
  readonly shards: Map<string, ShardProgress>;
  readonly lost: LostRange[];
};

/** A checkpoint of nothing yet: reading begins with the oldest that the stream still holds. */
export function newCheckpoint(streamArn: string, destination: string, replaces: string | null = null): Checkpoint {
  return { streamArn, destination, replaces, describedAt: null, shards: new Map(), lost: [] };
}

/** Names a lost range for a person. */
export function describeLostRange({ shardId, start, before }: LostRange): string {
  const from =
    start.at === 'TRIM_HORIZON'
      ? 'from its beginning'
      : `${start.at === 'AFTER_SEQUENCE_NUMBER' ? 'after' : 'from'} ${start.sequenceNumber}`;
  return `shard ${shardId} ${from} ${before === null ? 'to its end' : `to below ${before}`}`;
}
