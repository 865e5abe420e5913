import type { Checkpoint } from '../stream/checkpoint.ts';
import { CheckpointSaver } from '../stream/checkpoint-saver.ts';
import { lastSequenceNumber, withStreamArn } from '../stream/page-records.ts';
import type { RecordSource } from '../stream/record-source.ts';
import { type ReadingOptions, readSpan } from './read-span.ts';
import type { ReplayEvents } from './replay-events.ts';

export type ShardSourceOptions = Omit<ReadingOptions, 'streamArn'> & {
  /** Where to go on, and of which stream; it holds one shard. */
  readonly checkpoint: Checkpoint;
  readonly shardId: string;
  /** The last sequence number to give; `null` for all that the shard holds. */
  readonly to: string | null;
  /** Makes the checkpoint durable; called a few times a second at most, and at the end. */
  readonly save: (checkpoint: Checkpoint) => Promise<void>;
  readonly events: ReplayEvents;
};

/** A range of one shard, as pages of records. The checkpoint stands behind what is acknowledged. */
export function shardSource({ checkpoint, shardId, to, save, events, ...options }: ShardSourceOptions): RecordSource {
  return {
    async *pages(signal) {
      const { streamArn, shards } = checkpoint;
      const progress = shards.get(shardId) ?? {
        parentId: null,
        resume: { at: 'TRIM_HORIZON' },
        done: false,
        absentAt: null,
      };
      if (progress.done) return;
      const saver = new CheckpointSaver(() => save(checkpoint), options.clock);
      const stopping = new AbortController();
      const saving = saver.run(stopping.signal);
      // It is waited for at the end.
      saving.catch(() => {});
      let { resume } = progress;
      const move = (change: Partial<typeof progress>) => {
        shards.set(shardId, { ...progress, resume, ...change });
        saver.changed();
      };
      try {
        const span = readSpan({ shardId, start: resume, to }, { ...options, streamArn }, signal);
        for (;;) {
          const { done, value } = await span.next();
          if (done) {
            if (value === 'gone') events.lost({ shardId, start: resume, before: null, to, records: null });
            if (value !== 'stopped') move({ done: true });
            return;
          }
          if (value.loss) events.lost(value.loss);
          if (value.records.length === 0) continue;
          const records = value.records.map((record) => withStreamArn(record, streamArn));
          const acknowledge = async () => {
            const last = lastSequenceNumber(records);
            if (last !== null) resume = { at: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: last };
            move({});
          };
          yield { records, shardId, firstArrivalAt: null, rules: null, acknowledge };
        }
      } finally {
        stopping.abort();
        await saving;
        await saver.save();
      }
    },
  };
}
