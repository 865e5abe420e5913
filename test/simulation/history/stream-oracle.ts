import { idOf } from '../../../src/delivery/dead-letter-name.ts';
import { type Change, eventIdOf, isReadable } from '../world/change.ts';
import type { GapsFound } from '../world/gaps.ts';
import type { World } from '../world/world.ts';

/** At rest, a search for gaps must find exactly what the stream holds and the changelog doesn't have. */
export function checkGaps(world: World, found: GapsFound | null): void {
  if (found === null) {
    world.violate('gaps failed though everything is well');
    return;
  }
  const held = heldBy(world);
  // What the stream dropped while it was searched may have been read, or not.
  const dropped = new Set(heldBy(world, found.began).filter((change) => !held.includes(change)));
  const numbers = new Set([...world.letterBox.letters.keys()].map((name) => idOf(name)?.replace(/-[^-]*$/, '')));
  const statusOf = ({ number, at }: Change) => {
    if (numbers.has(number ?? '')) return 'parked';
    return Math.floor(at / 1000) * 1000 > found.lagCutoff ? 'in-flight' : 'missing';
  };
  const absent = held.filter(({ visibleAt }) => visibleAt === null);
  const is = textOf(absent.map((change) => [change, statusOf(change)]));
  const said = textOf([...found.changes].filter(([change]) => !dropped.has(change)));
  if (said !== is) world.violate(`gaps says ${said || 'nothing'}, but it is ${is || 'nothing'}`);
  const { streamed: count } = found.counts;
  if (count < held.length || count > held.length + dropped.size) {
    world.violate(`gaps says that the stream holds ${count} changes, but it holds ${held.length}`);
  }
}

/** Whether there are gaps to be found; where there are none, a part of the histories is enough to see that. */
export function isWorthSearching(world: World): boolean {
  return world.seed % 4 === 0 || heldBy(world).some(({ visibleAt }) => visibleAt === null);
}

/** Behind a replay of the stream, what it holds is durable, or set aside. */
export function checkStreamed(world: World): void {
  for (const { id, visibleAt, isDeadLettered } of heldBy(world)) {
    if (visibleAt === null && !isDeadLettered)
      world.violate(`change ${id} is in the stream, and nowhere behind its replay`);
  }
}

/** The changes that could be written by now, and lie among the dead letters. */
export function deadLetteredChanges({ table, letterBox }: World): readonly Change[] {
  const letters = [...letterBox.letters.values()].join('\n');
  return table.changes.filter(
    (change) =>
      isReadable(change.before) && isReadable(change.after) && letters.includes(`"eventID":"${eventIdOf(change)}"`),
  );
}

/** What was replayed, by the replay's own word, is durable, or set aside. */
export function checkReplayed(world: World, changes: readonly Change[]): void {
  for (const { id, visibleAt, isDeadLettered, isGivenUp } of changes) {
    if (visibleAt === null && !(isGivenUp && isDeadLettered))
      world.violate(`change ${id} was replayed, and is nowhere`);
  }
}

/** The changes whose records the stream held at some time up to now; by default, still holds. */
function heldBy({ table: { stream }, scheduler }: World, now = scheduler.now()): readonly Change[] {
  return (stream?.shards ?? []).flatMap((shard) =>
    stream?.isShardGone(shard, now) ? [] : shard.records.slice(stream?.trimmed(shard, now)).map(({ change }) => change),
  );
}

function textOf(changes: readonly (readonly [Change, string])[]): string {
  const texts = changes.map(([{ id }, status]) => `${id} ${status}`);
  return texts.toSorted().join(', ');
}
