import type { Loss, NoticedLoss } from './loss.ts';
import type { ShardProgress } from './shard-life.ts';

/**
 * How far a reading of a stream has come: what it goes on from, and what it says of the past.
 *
 * It changes while the stream is read, and at every moment names only what is durable: it may be saved at any.
 */
export type Checkpoint = {
  readonly streamArn: string;
  /**
   * Id of the table, as its server may come back with another one of that name, whose stream and shards are named alike;
   * `null` if it isn't known.
   */
  readonly tableId: string | null;
  /** When the stream was switched on, in milliseconds since the epoch; `null` before it was described first. */
  createdAt: number | null;
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

/** A checkpoint of nothing yet: reading begins with the oldest that the stream still holds. */
export function newCheckpoint(
  streamArn: string,
  destination: string,
  { replaces = null, tableId = null }: Partial<Pick<Checkpoint, 'replaces' | 'tableId'>> = {},
): Checkpoint {
  const begun = { createdAt: null, describedAt: null, ended: false, shards: new Map(), lost: [] };
  return { streamArn, tableId, destination, replaces, ...begun };
}

/** @param noticedAt In milliseconds since the epoch. */
export function addLoss({ lost }: Checkpoint, loss: Loss, noticedAt: number): void {
  lost.push({ ...loss, noticedAt });
}
