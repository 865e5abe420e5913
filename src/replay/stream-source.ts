import type { Checkpoint } from '../stream/checkpoint.ts';
import { readShardRange } from '../stream/range-reading.ts';
import type { CatchUp, StreamAccess } from '../stream/reading-options.ts';
import type { RecordSource } from '../stream/record-source.ts';
import { readStream } from '../stream/stream-reading.ts';
import type { ReplayEvents } from './deliver.ts';
import { readPages } from './read-pages.ts';

export type StreamSourceOptions = StreamAccess &
  CatchUp & {
    /** Where to resume, and in which stream. Losses that an earlier run found are reported again. */
    readonly checkpoint: Checkpoint;
    /** A part of one shard, which the checkpoint has; otherwise the whole stream. */
    readonly range?: {
      readonly shardId: string;
      /** The last sequence number to give; `null` for the shard's end. */
      readonly to: string | null;
    } | null;
    /** Makes the checkpoint durable; called a few times a second at most, and at the end. */
    readonly save: (checkpoint: Checkpoint) => Promise<void>;
    readonly events: ReplayEvents;
  };

/**
 * All that a stream still stores, or a range of one shard, as pages of records. Pages of several shards may be open at once;
 * a shard's next page, or its children's first, comes after the page before it is acknowledged.
 *
 * The checkpoint is never ahead of what is acknowledged: from any saved one the reading resumes without a gap.
 */
export function streamSource({ events, range = null, ...options }: StreamSourceOptions): RecordSource {
  const reading = { ...options, catchUp: options, onLoss: events.lost };
  return {
    async *pages(signal) {
      for (const { noticedAt: _, ...loss } of options.checkpoint.lost) events.lost(loss);
      yield* readPages(
        (take, either) =>
          range === null
            ? readStream({
                ...reading,
                signal: either,
                take: (shardId, records) => all(records, take(shardId, records)),
              })
            : readShardRange({ ...reading, ...range, signal: either, take: (records) => take(range.shardId, records) }),
        signal,
      );
    },
  };
}

async function all(records: readonly unknown[], taken: Promise<void>): Promise<number> {
  await taken;
  return records.length;
}
