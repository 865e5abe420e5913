import type { Loss, NoticedLoss } from './loss.ts';
import type { ShardProgress } from './shard-life.ts';

/**
 * How far a reading of a stream has come: what it goes on from, and what it says of the past.
 *
 * It changes while the stream is read, and at every moment names only what is durable: it may be saved at any.
 */
export type Checkpoint = {
  readonly streamArn: string;
  /** When the stream was switched on and its table's id, as a server of that name may come back with another stream. */
  readonly createdAt: number | null;
  readonly tableId: string | null;
  /** Name of the destination. */
  readonly destination: string;
  /** The table's stream before this one, if that had been read: what changed in between is unproven. */
  readonly replaces: string | null;
  /** When the stream was last described, in milliseconds since the epoch; `null` before the first time. */
  describedAt: number | null;
  /** Whether the stream was off and read to its end: a shard that has no children by then never gets any. */
  ended: boolean;
  readonly shards: Map<string, ShardProgress>;
  readonly lost: NoticedLoss[];
};

/** What tells a stream from another one. */
export type StreamIdentity = {
  readonly streamArn: string;
  /** In milliseconds since the epoch; `null` if it isn't known. */
  readonly createdAt: number | null;
  /** `null` from a server that gives its tables none. */
  readonly tableId: string | null;
};

/** A checkpoint of nothing yet: reading begins with the oldest that the stream still holds. */
export function newCheckpoint(
  stream: string | StreamIdentity,
  destination: string,
  replaces: string | null = null,
): Checkpoint {
  const identity = typeof stream === 'string' ? { streamArn: stream, createdAt: null, tableId: null } : stream;
  return { ...identity, destination, replaces, describedAt: null, ended: false, shards: new Map(), lost: [] };
}

/** @param noticedAt In milliseconds since the epoch. */
export function addLoss({ lost }: Checkpoint, loss: Loss, noticedAt: number): void {
  lost.push({ ...loss, noticedAt });
}
