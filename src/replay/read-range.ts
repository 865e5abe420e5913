import { newCheckpoint } from '../stream/checkpoint.ts';
import type { Loss } from '../stream/loss.ts';
import { readShardRange } from '../stream/range-reading.ts';
import type { ReadingOptions } from '../stream/reading-options.ts';
import { namedShard } from '../stream/shard-life.ts';
import type { ShardEnd } from '../stream/shard-worker.ts';
import { readPages } from './read-pages.ts';
import type { BatchRange } from './replay-item.ts';

/** Records of a range, with the ARN of their stream. The last page has the loss, if some of the range is lost. */
export type RangePage = { readonly records: readonly unknown[]; readonly loss: Loss | null };

/**
 * Reads the records that a failure record names from their stream again: from its first to its last, both inclusive.
 *
 * The batch's size is compared with the number of records read. More is right, too: a mapping's filter leaves records of the
 * range out. Fewer means that some are lost.
 */
export async function* readRange(
  range: BatchRange,
  options: ReadingOptions,
  signal: AbortSignal,
): AsyncGenerator<RangePage> {
  const { streamArn, shardId, from, to, batchSize } = range;
  const checkpoint = newCheckpoint(streamArn, '');
  const named = namedShard(from);
  checkpoint.shards.set(shardId, named);
  let end: ShardEnd | null = null;
  let noticed: Loss | null = null;
  let count = 0;
  const reading = {
    ...options,
    checkpoint,
    shardId,
    to,
    catchUp: options,
    save: async () => {},
    onLoss(loss: Loss) {
      noticed ??= loss;
    },
  };
  const pages = readPages(async (take, either) => {
    end = await readShardRange({ ...reading, signal: either, take: (records) => take(shardId, records) });
  }, signal);
  for await (const { records, acknowledge } of pages) {
    count += records.length;
    yield { records, loss: null };
    await acknowledge();
  }
  if (end === null) return;
  const isShort = batchSize === null ? count === 0 : count < batchSize;
  const loss: Loss | null =
    noticed ?? (isShort ? { shardId, start: named.resume, before: null, to, records: null } : null);
  if (loss)
    yield { records: [], loss: { ...loss, records: batchSize === null ? null : Math.max(0, batchSize - count) } };
}
