import { addLoss, type Checkpoint } from './checkpoint.ts';
import type { Loss } from './loss.ts';
import { MARGIN_MS, RETENTION_MS } from './retention.ts';
import { newShard } from './shard-life.ts';
import { type ShardTree, shardTree } from './shard-tree.ts';
import type { Shard, StreamDescription } from './stream-client.ts';

/**
 * Takes a description of the stream into the checkpoint: adds new shards, forgets shards that no longer matter, and adds
 * shards that came and went unseen to the losses.
 *
 * A shard that is no longer listed and not done stays, and is read: only the stream's answer shows that it is gone. A shard that
 * is done is forgotten once a child of it is known, because from then on the child carries the lineage. Should a listing
 * leave it out by mistake, it is read once more: its records are doubled, not lost.
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
  // A stream that is on has a child for every closed shard. A stream that is off has none for the shards that it closed last;
  // but given the time, a child may have come and gone unseen.
  const hasTime = before !== null && answeredAt - before > RETENTION_MS - MARGIN_MS;
  const isWhole = status === 'DISABLED' && (checkpoint.ended || !hasTime);

  const parentIds = new Set([...listed, ...shards.values()].map(({ parentId }) => parentId));
  for (const { id, parentId } of listed) {
    if (shards.has(id) || before === null || parentId === null) continue;
    // Its parent was created and trimmed, unread, since the last description; and so, perhaps, were parents of that.
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
