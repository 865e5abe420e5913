import { TailraceError } from '../errors.ts';
import { compareSequenceNumbers, isSequenceNumber } from '../order/position.ts';
import type { Shard } from './stream-client.ts';

/**
 * The shards of a stream as a forest: a split shard has children, and an item's later changes are in them.
 *
 * A root is a shard whose parent isn't listed: the stream's first, or one whose parent was trimmed, so that it needn't wait.
 */
export type ShardTree = {
  /** Every shard once, parents before their children, otherwise in the order of the listing. */
  readonly shards: readonly Shard[];
  has(shardId: string): boolean;
  /** Whether a listed shard names this one as its parent; then it is closed or about to be. */
  hasChildren(shardId: string): boolean;
  /** The ids of the listed shards that name this one as their parent. */
  childrenOf(shardId: string): readonly string[];
  /** The shards that may be read now, in order: they aren't done, and their parents are. */
  readable(isDone: (shardId: string) => boolean): readonly Shard[];
};

/**
 * Builds the tree, and checks that the order of an item's changes across its shards is the order of their numbers.
 *
 * AWS promises order per item, but doesn't spell it out for numbers across shards. Positions depend on it, so every listing is
 * checked: a parent ends below where its child starts. An open parent has no end yet and passes.
 *
 * @throws {TailraceError} `stream-lineage` naming the shards, if a parent doesn't end below its child's start, a shard
 *   is listed twice, descends from itself, or starts or ends at a text that is no sequence number.
 */
export function shardTree(listed: readonly Shard[]): ShardTree {
  const byId = new Map<string, Shard>();
  for (const shard of listed) {
    if (byId.has(shard.id)) throw lineage(`Shard ${shard.id} is listed twice`, shard.id);
    checkNumber(shard, shard.startingSequenceNumber);
    checkNumber(shard, shard.endingSequenceNumber);
    byId.set(shard.id, shard);
  }
  const parentOf = (shard: Shard) => (shard.parentId === null ? undefined : byId.get(shard.parentId));
  const childIds = new Map<string, string[]>();
  for (const shard of listed) {
    const parent = parentOf(shard);
    if (!parent) continue;
    checkOrder(parent, shard);
    const siblings = childIds.get(parent.id);
    if (siblings) siblings.push(shard.id);
    else childIds.set(parent.id, [shard.id]);
  }
  const shards = inLineageOrder(listed, byId, childIds);

  return {
    shards,
    has: (shardId) => byId.has(shardId),
    hasChildren: (shardId) => childIds.has(shardId),
    childrenOf: (shardId) => childIds.get(shardId) ?? [],
    readable: (isDone) =>
      shards.filter((shard) => {
        const parent = parentOf(shard);
        return !isDone(shard.id) && (!parent || isDone(parent.id));
      }),
  };
}

function checkNumber(shard: Shard, sequenceNumber: string | null): void {
  if (sequenceNumber === null || isSequenceNumber(sequenceNumber)) return;
  throw lineage(`Shard ${shard.id} starts or ends at a text that is no sequence number`, shard.id);
}

function checkOrder(parent: Shard, child: Shard): void {
  const { endingSequenceNumber: end } = parent;
  const { startingSequenceNumber: start } = child;
  if (end === null || start === null || compareSequenceNumbers(end, start) < 0) return;
  throw lineage(`Shard ${parent.id} ends at ${end}, not below the start ${start} of its child ${child.id}`, child.id);
}

/** From the roots down, one generation after the other. A shard that is never reached descends from itself. */
function inLineageOrder(
  listed: readonly Shard[],
  byId: ReadonlyMap<string, Shard>,
  childIds: ReadonlyMap<string, readonly string[]>,
): readonly Shard[] {
  const shards = listed.filter(({ parentId }) => parentId === null || !byId.has(parentId));
  // The array grows while it is walked: each shard brings its children.
  for (const { id } of shards) {
    for (const childId of childIds.get(id) ?? []) {
      const child = byId.get(childId);
      if (child) shards.push(child);
    }
  }
  if (shards.length < listed.length) {
    const reached = new Set(shards.map(({ id }) => id));
    const cyclic = listed.find(({ id }) => !reached.has(id))?.id ?? '';
    throw lineage(`Shard ${cyclic} descends from itself`, cyclic);
  }
  return shards;
}

function lineage(message: string, shardId: string): TailraceError {
  return new TailraceError('stream-lineage', message, { context: { shard_id: shardId } });
}
