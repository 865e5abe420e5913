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

/** Where a reading ends that catches up with a stream: at what that held when the reading began. */
export type CatchUp = {
  /** When the reading began, by DynamoDB's clock, in milliseconds since the epoch: what changed later isn't asked for. */
  readonly startedAt: number;
  /**
   * How many empty pages in a row mean that an open shard holds no more. One proves nothing: where records are sparse,
   * several are ordinary.
   */
  readonly quietPages: number;
};

/** How a stream is read that won't be waited for. */
export type ReadingOptions = StreamAccess & CatchUp & { readonly streamArn: string };

/** How a whole stream is read: followed, or caught up with. */
export type StreamReadingOptions = StreamAccess & {
  /** Where to go on, and of which stream. Moved on behind each page that was taken. */
  readonly checkpoint: Checkpoint;
  /** Makes the checkpoint durable. Its state at the moment of the call counts. Never called twice at once. */
  readonly save: (checkpoint: Checkpoint) => Promise<void>;
  /** Where to end; `null` follows the stream until the signal comes, or the stream is off and read to its end. */
  readonly catchUp: CatchUp | null;
  /**
   * Takes a page of one shard. Gives how many records at its front are durable or set aside; the rest is read again. The
   * shard's next page, and its children, come when it resolves; other shards don't wait. If it rejects, the reading ends.
   */
  readonly take: (shardId: string, records: readonly unknown[]) => Promise<number>;
  /** Told each loss when it is noticed; it is in the checkpoint by then. */
  readonly onLoss?: (loss: Loss) => void;
  /** Told how it goes, a few times a second, and at the end. */
  readonly onProgress?: (progress: ReadingProgress) => void;
  /** Stops, cleanly. */
  readonly signal: AbortSignal;
  /** @default 16 shards in hand at once */
  readonly concurrency?: number;
};

/** How a reading goes. */
export type ReadingProgress = {
  /** Records taken since it began. */
  readonly records: number;
  /** Age of the last record of the shard that is furthest behind, in milliseconds; 0 when all is read. */
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
