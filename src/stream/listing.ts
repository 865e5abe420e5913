import type { Checkpoint, LostRange } from './checkpoint.ts';
import { type ShardTree, shardTree } from './shard-tree.ts';
import type { Shard, StreamDescription } from './stream-client.ts';

/**
 * Takes a description of the stream into the checkpoint: adds the shards that are new, forgets those that can't matter
 * any more, and adds the shards that came and went unseen to what is lost.
 *
 * A shard that is no longer listed and not done stays, to be read: only the stream can say that it is gone. A done one
 * is forgotten when a child of it is known, because from then on the child carries the lineage. Should the listing have
 * skipped it by mistake, it is read once more: doubled, not lost.
 *
 * @param describedAt When the description was asked for, in milliseconds since the epoch.
 * @returns the shards to read.
 * @throws {TailraceError} `stream-lineage`; the checkpoint is unchanged then.
 */
export function takeListing(
  checkpoint: Checkpoint,
  { shards: listed, status }: StreamDescription,
  describedAt: number,
): ShardTree {
  const { shards } = checkpoint;
  const listedIds = new Set(listed.map(({ id }) => id));
  const tree = shardTree([...listed, ...unlisted(checkpoint, listedIds)]);
  const lost: LostRange[] = [];
  const lose = (range: Omit<LostRange, 'before' | 'noticedAt'>) => {
    if (lost.every(({ shardId }) => shardId !== range.shardId)) {
      lost.push({ ...range, before: null, noticedAt: describedAt });
    }
  };

  const parentIds = new Set([...listed, ...shards.values()].map(({ parentId }) => parentId));
  for (const { id, parentId } of listed) {
    if (shards.has(id) || checkpoint.describedAt === null || parentId === null) continue;
    // Its parent was born, read by nobody and trimmed since the last description.
    if (!listedIds.has(parentId) && !shards.has(parentId)) lose({ shardId: parentId, start: { at: 'TRIM_HORIZON' } });
  }
  for (const [id, { done, resume }] of shards) {
    if (!done || listedIds.has(id)) continue;
    // An open stream has a child for every closed shard: this one's came and went.
    if (!parentIds.has(id) && status !== 'DISABLED') lose({ shardId: id, start: resume });
    shards.delete(id);
  }
  for (const { id, parentId } of listed) {
    if (shards.has(id)) continue;
    shards.set(id, { parentId, resume: { at: 'TRIM_HORIZON' }, done: false, absentAt: checkpoint.describedAt });
  }
  checkpoint.describedAt = describedAt;
  checkpoint.lost.push(...lost);
  return tree;
}

function unlisted({ shards }: Checkpoint, listedIds: ReadonlySet<string>): readonly Shard[] {
  return [...shards].flatMap(([id, { parentId, done }]) =>
    done || listedIds.has(id) ? [] : [{ id, parentId, startingSequenceNumber: null, endingSequenceNumber: null }],
  );
}
