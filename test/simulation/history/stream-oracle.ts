import { idOf } from '../../../src/delivery/dead-letter-name.ts';
import { type Change, eventIdOf, isReadable } from '../world/change.ts';
import type { GapsFound } from '../world/gaps.ts';
import type { World } from '../world/world.ts';

/** At rest, a search for gaps must find exactly the changes that are in the stream and not in the changelog. */
export function checkGaps(world: World, found: GapsFound | null): void {
  if (found === null) {
    world.violate('gaps failed though nothing is wrong');
    return;
  }
  const streamed = streamedChanges(world);
  // What the stream dropped during the search may have been read or not.
  const dropped = new Set(streamedChanges(world, found.began).filter((change) => !streamed.includes(change)));
  const numbers = new Set([...world.letterBox.letters.keys()].map((name) => idOf(name)?.replace(/-[^-]*$/, '')));
  const statusOf = ({ number, at }: Change) => {
    if (numbers.has(number ?? '')) return 'parked';
    return Math.floor(at / 1000) * 1000 > found.lagCutoff ? 'in-flight' : 'missing';
  };
  const absent = streamed.filter(({ visibleAt, isStoredLate }) => visibleAt === null && !isStoredLate);
  const actual = textOf(absent.map((change) => [change, statusOf(change)]));
  const reported = textOf([...found.changes].filter(([change]) => !dropped.has(change)));
  if (reported !== actual)
    world.violate(`gaps reports ${reported || 'nothing'}, and should report ${actual || 'nothing'}`);
  const { streamed: count } = found.counts;
  if (count < streamed.length || count > streamed.length + dropped.size) {
    world.violate(`gaps counts ${count} changes in the stream, which has ${streamed.length}`);
  }
}

/** Whether to search for gaps: wherever there are some, and in a quarter of the histories without. */
export function isWorthSearching(world: World): boolean {
  return world.seed % 4 === 0 || streamedChanges(world).some(({ visibleAt }) => visibleAt === null);
}

/** After a replay of the stream, each of its changes is durable or set aside. */
export function checkStreamed(world: World): void {
  for (const { id, visibleAt, isDeadLettered } of streamedChanges(world)) {
    if (visibleAt === null && !isDeadLettered)
      world.violate(`change ${id} is in the stream, and nowhere after its replay`);
  }
}

/** The changes among the dead letters that could be written by now. */
export function deadLetteredChanges({ table, letterBox }: World): readonly Change[] {
  const letters = [...letterBox.letters.values()].join('\n');
  return table.changes.filter(
    (change) =>
      isReadable(change.before) && isReadable(change.after) && letters.includes(`"eventID":"${eventIdOf(change)}"`),
  );
}

/** Each change that a replay claims to have replayed is durable or set aside. */
export function checkReplayed(world: World, changes: readonly Change[]): void {
  for (const { id, visibleAt, isDeadLettered, isGivenUp } of changes) {
    if (visibleAt === null && !(isGivenUp && isDeadLettered))
      world.violate(`change ${id} was replayed, and is nowhere`);
  }
}

/** The changes whose records are in the stream at a time, by default now. */
function streamedChanges({ table: { stream }, scheduler }: World, now = scheduler.now()): readonly Change[] {
  return (stream?.shards ?? []).flatMap((shard) =>
    stream?.isShardGone(shard, now) ? [] : shard.records.slice(stream?.trimmed(shard, now)).map(({ change }) => change),
  );
}

function textOf(changes: readonly (readonly [Change, string])[]): string {
  const texts = changes.map(([{ id }, status]) => `${id} ${status}`);
  return texts.toSorted().join(', ');
}
