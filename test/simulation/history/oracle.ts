import type { CollectedVerify } from '../../../backfill/verify/verify.ts';
import { describeUnproven } from '../../../cli/warnings/unproven-changes.ts';
import { objectNames } from '../../../src/names/object-names.ts';
import { compareSequenceNumbers } from '../../../src/order/position.ts';
import { canonicalJson } from '../../../src/value/canonical-json.ts';
import { canonicalText } from '../../../src/value/canonical-text.ts';
import { duckdb } from '../../../src/views/duckdb.ts';
import type { ModelShard } from '../world/change.ts';
import { type Change, eventIdOf, isReadable, keyOf } from '../world/change.ts';
import type { MemoryDatabase } from '../world/memory-database.ts';
import { TABLE } from '../world/table.ts';
import type { Followed, Tail } from '../world/tail.ts';
import { unnamedLosses } from '../world/unnamed-losses.ts';
import type { World } from '../world/world.ts';

export type Difference = { readonly name: string; readonly finding: 'missing' | 'extra' | 'different' };

/** The items that the latest view shows: canonical texts by key. */
export async function latestItems(database: MemoryDatabase): Promise<ReadonlyMap<string, string>> {
  const { latest } = objectNames(TABLE.name);
  const rows = await database.use((session) =>
    session.rows(`SELECT key, CAST(item AS VARCHAR) || '' AS item FROM ${duckdb.table(latest)}`),
  );
  return new Map(rows.map(({ key, item }) => [String(key), canonicalText(String(item))]));
}

/** The items in which the latest view differs from the table. */
export async function differences(world: World, database: MemoryDatabase): Promise<readonly Difference[]> {
  await world.warehouse.showDue();
  const view = await latestItems(database);
  const names = world.table.names();
  const known = new Set(names.map(keyOf));
  for (const key of view.keys()) if (!known.has(key)) world.violate(`the latest view has ${key}, which never existed`);
  return names.toSorted().flatMap((name): Difference[] => {
    const item = world.table.items.get(name) ?? null;
    const shown = view.get(keyOf(name));
    if (item === null) return shown === undefined ? [] : [{ name, finding: 'extra' }];
    if (shown === undefined) return [{ name, finding: 'missing' }];
    return isReadable(item) && canonicalJson(item, 'Item') === shown ? [] : [{ name, finding: 'different' }];
  });
}

/**
 * Checks the differences at rest against the promise: an item may differ only if one of its changes is known to be lost
 * and no backfill has covered it, or if JSON can't carry the item.
 */
export function checkPromise(world: World, found: readonly Difference[]): void {
  for (const { name, finding } of found) {
    const lost = uncovered(world).filter((change) => change.name === name);
    if (world.underOtherRules.has(name)) continue;
    if (lost.length > 0 || !isReadable(world.table.items.get(name) ?? null)) {
      world.story.trouble('loss that no backfill covers', 'watcher', `${name} is ${finding}, as expected`);
    } else world.violate(`${name} is ${finding} in the latest view, and none of its changes was lost`);
  }
}

/** Verify must report exactly these differences. */
export function checkVerdict(world: World, found: readonly Difference[], result: CollectedVerify | null): void {
  if (result === null) {
    world.violate('verify failed though nothing is wrong');
    return;
  }
  const reported = result.findings.map(({ key, finding }) => `${key} ${finding}`).toSorted();
  const actual = found.map(({ name, finding }) => `${keyOf(name)} ${finding}`).toSorted();
  const verdict = actual.length === 0 ? 'agree' : 'differ';
  if (result.verdict !== verdict || reported.join() !== actual.join()) {
    world.violate(
      `verify reports ${result.verdict} (${reported.join(', ')}), and should report ${actual.join(', ') || 'nothing'}`,
    );
  }
}

/** A change that was lost between two streams must be warned of. */
export async function checkWarnings(world: World, { followed }: Pick<Tail, 'followed'>): Promise<void> {
  const published = await world.warehouse.store.published(TABLE);
  const newest = world.table.streams.at(-1)?.label ?? null;
  const between = uncovered(world).filter(({ label }) => label !== newest);
  if (between.length > 0 && describeUnproven(TABLE.name, published, newest) === undefined) {
    world.violate(`no warning says that change ${between[0]?.id} was lost between two streams`);
  }
  for (const one of followed) checkTail(world, one);
}

/** A change that was set aside or given up, and isn't durable, must still be where it was put. */
export function checkStored(world: World): void {
  const { table, letterBox, bucket, queue } = world;
  const letters = [...letterBox.letters.values()].join('\n');
  const batches = [...bucket.objects.values(), ...queue.records].map((text) => JSON.parse(text)['DDBStreamBatchInfo']);
  for (const change of table.changes) {
    const { id, number, shardId, visibleAt, isDeadLettered, isGivenUp } = change;
    if (visibleAt !== null || number === null) continue;
    const isInBucket = batches.some(
      (batch) =>
        batch['shardId'] === shardId &&
        compareSequenceNumbers(batch['startSequenceNumber'], number) <= 0 &&
        compareSequenceNumbers(number, batch['endSequenceNumber']) <= 0,
    );
    const isThere = letters.includes(`"${eventIdOf(change)}"`) || isInBucket;
    if ((isDeadLettered || isGivenUp) && !isThere)
      world.violate(`change ${id} was set aside or given up, and isn't there any more`);
  }
}

/** Operators' clocks are wrong by less. */
const SKEW_MS = 10 * 60_000;

/** A change that was promised to a tail and that it went past must be durable, set aside or in a range that it named. */
function checkTail(world: World, { checkpoint, firstAt, known }: Followed): void {
  const { shards, lost, describedAt } = checkpoint;
  const stream = world.table.streams.find(({ arn }) => arn === checkpoint.streamArn);
  if (!stream) return;
  const isPassed = ({ number }: { readonly number: string }, shard: ModelShard) => {
    const progress = shards.get(shard.id);
    // A shard that the description no longer had came and went.
    if (!progress) return describedAt !== null && stream.isShardGone(shard, describedAt - SKEW_MS);
    const { done, resume } = progress;
    if (done || resume.at === 'TRIM_HORIZON') return done;
    return compareSequenceNumbers(number, resume.sequenceNumber) < (resume.at === 'AFTER_SEQUENCE_NUMBER' ? 1 : 0);
  };
  for (const { id } of unnamedLosses({ stream, firstAt, isPassed, known, lost })) {
    world.violate(`tail went past change ${id}, which is nowhere, and didn't name it as lost`);
  }
}

/** The changes whose rows never came and that no successful backfill covers. */
function uncovered({ table, coverage }: World): readonly Change[] {
  return table.changes.filter((change) => change.visibleAt === null && !coverage.covers(change));
}

/** The keys that verify may report: one of their changes was lost, or took longer than it may. */
export function late(
  world: World,
  { from, to, lagMs }: { readonly from: number; readonly to: number; readonly lagMs: number },
) {
  return new Set(
    world.table.changes
      .filter(({ at, visibleAt }) => {
        const seenAt = visibleAt ?? Number.POSITIVE_INFINITY;
        // It was late when verify looked, and had been on its way for as long as a change may take.
        return seenAt >= from && at + lagMs <= Math.min(seenAt, to);
      })
      .map(({ name }) => keyOf(name)),
  );
}
