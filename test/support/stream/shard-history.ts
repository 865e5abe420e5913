import fc from 'fast-check';
import { compareSequenceNumbers } from '../../../src/order/position.ts';
import type { ScriptedStreams } from './scripted-streams.ts';

export type HistoryShard = {
  readonly id: string;
  readonly parent: string | null;
  readonly records: readonly (readonly [string, string])[];
  /** How long after the tail's beginning it is listed, in milliseconds. */
  readonly lateMs: number;
};

/** Splits of a partition that owns some keys: its records, then those of the two or the one that follow it. */
type Generation = { readonly counts: readonly number[]; readonly split: boolean; readonly lateMs: number };

/**
 * Streams of three generations of shards, closed at the end: keys stay within their lineage, sequence numbers grow
 * along it, and their number of digits grows on the way, so that text order is not their order.
 */
export const history: fc.Arbitrary<readonly HistoryShard[]> = fc
  .array(
    fc.array(
      fc.record({
        counts: fc.array(fc.nat(3), { minLength: 4, maxLength: 4 }),
        split: fc.boolean(),
        lateMs: fc.constantFrom(0, 0, 700, 3_000),
      }),
      { minLength: 3, maxLength: 3 },
    ),
    { minLength: 1, maxLength: 3 },
  )
  .chain((roots) => fc.nat(1_000).map((start) => toShards(roots, start)));

function toShards(roots: readonly (readonly Generation[])[], start: number): readonly HistoryShard[] {
  const shards: HistoryShard[] = [];
  let number = start;
  const nextNumber = () => {
    number += 7;
    return String(number);
  };
  const grow = (
    id: string,
    parent: string | null,
    keys: readonly string[],
    generations: readonly Generation[],
    parentLateMs = 0,
  ) => {
    const [generation, ...rest] = generations;
    if (!generation) return;
    const records = generation.counts.flatMap((count, index) =>
      Array.from({ length: count }, () => [nextNumber(), keys[index % keys.length] ?? ''] as const),
    );
    // A child may be listed late, but never before its parent.
    const lateMs = parent === null ? 0 : parentLateMs + generation.lateMs;
    shards.push({ id, parent, records, lateMs });
    const half = Math.ceil(keys.length / 2);
    if (generation.split && keys.length > 1) {
      grow(`${id}.0`, id, keys.slice(0, half), rest, lateMs);
      grow(`${id}.1`, id, keys.slice(half), rest, lateMs);
    } else {
      grow(`${id}.0`, id, keys, rest, lateMs);
    }
  };
  roots.forEach((generations, root) => {
    grow(
      `shard-${root}`,
      null,
      ['a', 'b', 'c', 'd'].map((key) => key + root),
      generations,
    );
  });
  // Descriptions promise no order.
  return shards.reverse();
}

/** Plays a history into a stream that is off, so that a tail of it ends. */
export function playHistory(shards: readonly HistoryShard[], streams: ScriptedStreams): void {
  const now = streams.clock.now();
  for (const { id, parent, records, lateMs } of shards) {
    streams.shard(id, { ...(parent !== null && { parent }), records, listedAt: now + lateMs });
  }
  streams.status = 'DISABLED';
}

/** The sequence numbers of each key, in order. */
export function numbersByKey(shards: readonly HistoryShard[]): ReadonlyMap<string, readonly string[]> {
  const byKey = new Map<string, string[]>();
  for (const [number, key] of shards.flatMap(({ records }) => records)) {
    byKey.set(key, [...(byKey.get(key) ?? []), number]);
  }
  for (const numbers of byKey.values()) numbers.sort(compareSequenceNumbers);
  return byKey;
}
