import { TailraceError } from '../errors.ts';
import type { Checkpoint } from '../stream/checkpoint.ts';
import { CheckpointSaver } from '../stream/checkpoint-saver.ts';
import type { RecordPage, RecordSource } from '../stream/record-source.ts';
import { Handover } from './handover.ts';
import type { ReadingOptions } from './read-span.ts';
import type { ReplayEvents } from './replay-events.ts';
import { sweepStream } from './sweep.ts';

export type StreamSourceOptions = Omit<ReadingOptions, 'streamArn'> & {
  /** Where to go on, and of which stream. */
  readonly checkpoint: Checkpoint;
  /** Makes the checkpoint durable; called a few times a second at most, and at the end. */
  readonly save: (checkpoint: Checkpoint) => Promise<void>;
  readonly events: ReplayEvents;
};

/**
 * All that a stream still holds, as pages of records. Pages of several shards may be in hand at once; the next one of a
 * shard, and its children's first, come when the one before is acknowledged.
 *
 * The checkpoint stands behind what is acknowledged: from any saved one the reading goes on without a gap.
 */
export function streamSource({ save, events, ...options }: StreamSourceOptions): RecordSource {
  return {
    async *pages(signal) {
      const { checkpoint, clock } = options;
      const stopping = new AbortController();
      const either = AbortSignal.any([signal, stopping.signal]);
      const handover = new Handover<RecordPage>();
      const saver = new CheckpointSaver(() => save(checkpoint), clock);
      const end = (error?: unknown) => handover.end(error === undefined ? undefined : { error });
      saver.run(either).catch(end);
      const onPage = async (shardId: string, records: readonly unknown[]) => {
        await new Promise<void>((resolve, reject) => {
          const acknowledge = async () => resolve();
          either.addEventListener('abort', () => reject(interrupted()), { once: true });
          handover.put({ records, shardId, firstArrivalAt: null, rules: null, acknowledge });
        });
        saver.changed();
      };
      sweepStream({ ...options, onPage, onLoss: events.lost, signal: either }).then(() => end(), end);
      try {
        yield* handover.things();
      } finally {
        stopping.abort();
        await saver.save();
      }
    },
  };
}

function interrupted(): TailraceError {
  return new TailraceError('interrupted', 'The reading of the stream was stopped before its end');
}
