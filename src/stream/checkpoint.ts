import type { Loss, NoticedLoss } from './loss.ts';
import type { ShardProgress } from './shard-life.ts';

/**
 * How far a reading of a stream has come: where it resumes, and what was lost until then.
 *
 * It changes while the stream is read. It never stands ahead of what is durable, so it may be saved at any moment.
 */
export type Checkpoint = {
  readonly streamArn: string;
  /**
   * Id of the table; `null` if it isn't known. A server may come back with another table of the same name, whose stream and
   * shards are named alike.
   */
  readonly tableId: string | null;
  /** When the stream was switched on, in milliseconds since the epoch; `null` before it was described first. */
  createdAt: number | null;
  /** Name of the destination. */
  readonly destination: string;
  /** The table's stream before this one, if that was read: changes in between are unproven. */
  readonly replaces: string | null;
  /** When the stream was last described, in milliseconds since the epoch; `null` before the first time. */
  describedAt: number | null;
  /** When it was last saved, in milliseconds since the epoch; `null` before the first time. */
  savedAt: number | null;
  /** All changes before this time are durable, set aside or named as lost: see {@link readUntil}. `null` if that isn't known. */
  readUntil: number | null;
  /** Whether the stream was off and was read to its end: a shard that had no children then never gets any. */
  ended: boolean;
  readonly shards: Map<string, ShardProgress>;
  readonly lost: NoticedLoss[];
};

/** A checkpoint before anything was read: reading begins with the oldest record that the stream still stores. */
export function newCheckpoint(
  streamArn: string,
  destination: string,
  { replaces = null, tableId = null }: Partial<Pick<Checkpoint, 'replaces' | 'tableId'>> = {},
): Checkpoint {
  const empty = {
    createdAt: null,
    describedAt: null,
    savedAt: null,
    readUntil: null,
    ended: false,
    shards: new Map(),
    lost: [],
  };
  return { streamArn, tableId, destination, replaces, ...empty };
}

/** @param noticedAt In milliseconds since the epoch. */
export function addLoss({ lost }: Checkpoint, loss: Loss, noticedAt: number): void {
  lost.push({ ...loss, noticedAt });
}
