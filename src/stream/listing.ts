import { addLoss, type Checkpoint } from './checkpoint.ts';
import type { Loss } from './loss.ts';
import { MARGIN_MS, RETENTION_MS } from './retention.ts';
import { newShard } from './shard-life.ts';
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
 * @param answeredAt When it came.
 * @returns the shards to read.
 * @throws {TailraceError} `stream-lineage`; the checkpoint is unchanged then.
 */
export function takeListing(
  checkpoint: Checkpoint,
  { shards: listed, status, createdAt }: StreamDescription,
  describedAt: number,
  answeredAt: number,
): ShardTree {
  const { shards } = checkpoint;
  const listedIds = new Set(listed.map(({ id }) => id));
  const tree = shardTree([...listed, ...unlisted(checkpoint, listedIds)]);
  const { describedAt: before } = checkpoint;
  const lost = new Map<string, Loss>();
  const isNamed = (shardId: string) =>
    lost.has(shardId) || checkpoint.lost.some((loss) => loss.shardId === shardId && loss.before === null);
  const lose = (shardId: string, start: Loss['start']) => {
    if (!isNamed(shardId)) lost.set(shardId, { shardId, start, before: null, to: null, records: null });
  };
  // An open stream has a child for every closed shard. One that is off has none for those that were open then: but a
  // child may have come and gone since.
  const hasTime = before !== null && answeredAt - before > RETENTION_MS - MARGIN_MS;
  const isWhole = status === 'DISABLED' && (checkpoint.ended || !hasTime);

  const parentIds = new Set([...listed, ...shards.values()].map(({ parentId }) => parentId));
  for (const { id, parentId } of listed) {
    if (shards.has(id) || before === null || parentId === null) continue;
    // Its parent was born, read by nobody and trimmed since the last description.
    if (!listedIds.has(parentId) && !shards.has(parentId)) lose(parentId, { at: 'TRIM_HORIZON' });
  }
  for (const [id, { done, resume }] of shards) {
    if (!done || listedIds.has(id)) continue;
    if (!parentIds.has(id) && !isWhole) lose(id, resume);
    shards.delete(id);
  }
  for (const { id, parentId } of listed) {
    if (shards.has(id)) continue;
    shards.set(id, newShard(parentId, { before, at: describedAt, createdAt }));
  }
  checkpoint.describedAt = describedAt;
  for (const loss of lost.values()) addLoss(checkpoint, loss, describedAt);
  return tree;
}

function unlisted({ shards }: Checkpoint, listedIds: ReadonlySet<string>): readonly Shard[] {
  return [...shards].flatMap(([id, { parentId, done }]) =>
    done || listedIds.has(id) ? [] : [{ id, parentId, startingSequenceNumber: null, endingSequenceNumber: null }],
  );
}
