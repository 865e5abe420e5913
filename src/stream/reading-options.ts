import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Random } from '../random.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Loss } from './loss.ts';
import type { StreamClient } from './stream-client.ts';

/** What every reading of a stream needs. */
export type StreamAccess = {
  readonly client: StreamClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
};

/** Where catching up ends: at the records that the stream had when the reading began. */
export type CatchUp = {
  /** When the reading began, by DynamoDB's clock, in milliseconds since the epoch. Later changes aren't asked for. */
  readonly startedAt: number;
  /**
   * How many empty pages in a row mean that an open shard has no more records. One proves nothing: where records are sparse,
   * several are ordinary.
   */
  readonly quietPages: number;
};

/** Options of a reading that catches up with a stream. */
export type ReadingOptions = StreamAccess & CatchUp & { readonly streamArn: string };

/** Options of a reading of a whole stream, which follows it or catches up with it. */
export type StreamReadingOptions = StreamAccess & {
  /** Where to resume, and in which stream. It moves on behind each page that was taken. */
  readonly checkpoint: Checkpoint;
  /** Makes the checkpoint durable, in its state at the moment of the call. Never called twice at once. */
  readonly save: (checkpoint: Checkpoint) => Promise<void>;
  /** Where to end; `null` follows the stream until the signal comes, or the stream is off and read to its end. */
  readonly catchUp: CatchUp | null;
  /**
   * Takes a page of one shard, and returns how many records at its front are durable or set aside; the others are read again.
   * The shard's next page, and its children, wait for it; other shards don't. If it rejects, the reading ends.
   */
  readonly take: (shardId: string, records: readonly unknown[]) => Promise<number>;
  /** Called with each loss when it is noticed; the loss is in the checkpoint by then. */
  readonly onLoss?: (loss: Loss) => void;
  /** Called a few times a second, and at the end. */
  readonly onProgress?: (progress: ReadingProgress) => void;
  /** Stops, cleanly. */
  readonly signal: AbortSignal;
  /** Shards read at once. @default 16 */
  readonly concurrency?: number;
};

/** How far a reading has come. */
export type ReadingProgress = {
  /** Records taken since it began. */
  readonly records: number;
  /** Age of the last record that was read of the shard furthest behind, in milliseconds; 0 when all is read. */
  readonly lagMs: number;
  readonly shards: { readonly reading: number; readonly waiting: number; readonly done: number };
  /** Losses noticed since it began. */
  readonly lost: number;
};

/** How a reading ended. */
export type ReadingEnd = {
  /** `stopped` by the signal, or `ended`. */
  readonly reason: 'stopped' | 'ended';
  /** Records taken since it began. */
  readonly records: number;
};
