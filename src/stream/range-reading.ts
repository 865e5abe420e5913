import pLimit from 'p-limit';
import { compareSequenceNumbers } from '../order/position.ts';
import { addLoss, type Checkpoint } from './checkpoint.ts';
import { CheckpointSaver } from './checkpoint-saver.ts';
import type { Loss } from './loss.ts';
import type { CatchUp, StreamAccess } from './reading-options.ts';
import { type LostPart, namedShard } from './shard-life.ts';
import { type ShardEnd, ShardWorker, type Turn } from './shard-worker.ts';
import { takeTurns } from './turns.ts';

export type RangeReadingOptions = StreamAccess & {
  /** Where to resume, and in which stream. It has the shard, all of which was promised. */
  readonly checkpoint: Checkpoint;
  readonly save: (checkpoint: Checkpoint) => Promise<void>;
  readonly catchUp: CatchUp;
  readonly shardId: string;
  /** The last sequence number to read, inclusive; `null` for all records that the shard has when the reading begins. */
  readonly to: string | null;
  /** As in {@link readStream}, but the whole page is durable or set aside when it resolves. */
  readonly take: (records: readonly unknown[]) => Promise<void>;
  readonly onLoss: (loss: Loss) => void;
  readonly signal: AbortSignal;
};

/**
 * Reads a range of one shard by the rules of {@link readStream}, without its lineage: the caller named the shard.
 *
 * @returns how the reading ended; `null` if the signal came first.
 * @throws {TailraceError} what `take`, `save` or the client halts with.
 */
export async function readShardRange(options: RangeReadingOptions): Promise<ShardEnd | null> {
  const { checkpoint, shardId, to, clock, take, onLoss, signal, save } = options;
  const shard = checkpoint.shards.get(shardId) ?? namedShard(null);
  if (shard.done) return 'closed';
  checkpoint.shards.set(shardId, { ...shard, presentAt: shard.presentAt ?? clock.now() });
  const saver = new CheckpointSaver(() => save(checkpoint), clock);
  // From then on the time at which it began is known, however early the process is killed.
  saver.changed();
  const stopping = new AbortController();
  const either = AbortSignal.any([signal, stopping.signal]);
  const saving = saver.run(either);
  // The failure itself is thrown where `saving` is awaited below.
  saving.catch(() => stopping.abort());
  const worker = new ShardWorker({
    ...options,
    isClosed: () => false,
    async take(_, records) {
      await take(records);
      return records.length;
    },
    onLost(lost) {
      const loss = lossOf(shardId, to, lost);
      addLoss(checkpoint, loss, clock.now());
      onLoss(loss);
    },
  });
  const onTurn = ({ taken }: Turn) => {
    if (taken > 0) saver.changed();
  };
  const parts = { limit: pLimit(1), clock, onTurn, isStreamThere: async () => true };
  try {
    return await takeTurns(worker, parts, either);
  } finally {
    stopping.abort();
    await saving;
    saver.changed();
    await saver.save();
  }
}

function lossOf(shardId: string, to: string | null, { start, before }: LostPart): Loss {
  const isInside = before !== null && (to === null || compareSequenceNumbers(before, to) <= 0);
  return { shardId, start, before: isInside ? before : null, to, records: null };
}
