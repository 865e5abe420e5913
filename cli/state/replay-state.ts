import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StreamArn } from '../../src/order/stream-arn.ts';
import type { ShardRange } from '../../src/replay/shard-range.ts';
import type { Checkpoint } from '../../src/stream/checkpoint.ts';
import { type LoadedCheckpoint, loadCheckpoint, saveCheckpoint } from '../../src/stream/checkpoint-file.ts';
import { namedShard } from '../../src/stream/shard-life.ts';
import { requireWritable } from './require-writable.ts';

/** How far a replay from a stream has come. Its file exists only until the replay is done. */
export type ReplayState = {
  readonly path: string;
  /** Whether an earlier run of the same replay was stopped half way. */
  readonly isResumed: boolean;
  /** The stream that a stopped earlier run had read, if it is another one. */
  readonly replaced: LoadedCheckpoint['replaced'];
  readonly checkpoint: Checkpoint;
  readonly save: (checkpoint: Checkpoint) => Promise<void>;
  /** Removes the file: the next run starts over. */
  readonly done: () => Promise<void>;
};

/**
 * Loads how far the replay of a stream, or of a range of one shard, has come; or begins it.
 *
 * @param directory The table's state directory.
 * @throws {TailraceError} `state-invalid` if the file is corrupt, of another table or for another destination, or can't
 *   be written.
 */
export async function loadReplayState(
  directory: string,
  range: ShardRange | null,
  stream: StreamArn,
  tableId: string | null,
  destination: string,
): Promise<ReplayState> {
  await requireWritable(directory);
  const path = join(directory, fileName(range));
  const { checkpoint, replaced } = await loadCheckpoint(path, stream, destination, tableId);
  const isResumed = checkpoint.shards.size > 0;
  if (range && !isResumed) checkpoint.shards.set(range.shardId, namedShard(range.from));
  return {
    path,
    isResumed,
    replaced,
    checkpoint,
    save: (current) => saveCheckpoint(path, current),
    done: () => rm(path, { force: true }),
  };
}

/** Each range has a file of its own. */
function fileName(range: ShardRange | null): string {
  if (range === null) return 'replay-stream.json';
  return `replay-${range.shardId}-${range.from ?? 'start'}-${range.to ?? 'end'}.json`;
}
