import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StreamedChange } from '../../../../src/changelog/streamed-change.ts';
import { BufferedSlices } from '../../../../src/destination/duckdb/buffered-slices.ts';
import type { StreamedPlace, StreamedSlice } from '../../../../src/views/gaps.ts';
import { RUNS } from '../../../support/vitest/budget.ts';

const change = (shardId: string, position: string): StreamedChange => ({
  shardId,
  position,
  key: '["a"]',
  sequenceNumber: position,
  changedAt: 0,
  parked: 0,
});

const compare = (a: StreamedPlace, b: StreamedPlace) =>
  Buffer.compare(Buffer.from(a.shardId), Buffer.from(b.shardId)) ||
  Buffer.compare(Buffer.from(a.position), Buffer.from(b.position));
const isIn = (place: StreamedPlace, { after, upTo }: StreamedSlice) =>
  (after === null || compare(place, after) > 0) && (upTo === null || compare(place, upTo) <= 0);

const places = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'é', '😀', '\uffff'), fc.stringMatching(/^\d{3}$/)), {
  maxLength: 60,
});

test('in whichever order changes are added, each is in one slice', () => {
  fc.assert(
    fc.property(places, fc.integer({ min: 1, max: 9 }), (added, size) => {
      const slices = new BufferedSlices(size);
      slices.add(added.map(([shardId, position]) => change(shardId, position)));

      const all = slices.all();
      for (const [shardId, position] of added) {
        expect(all.filter((slice) => isIn({ shardId, position }, slice))).toHaveLength(1);
      }
    }),
    RUNS,
  );
});

test('shards that come in their order are cut into slices of at most twice the size, small ones put together', () => {
  const slices = new BufferedSlices(10);
  const counts = { big: 47, ...Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`small-${index}`, 3])) };
  const added = Object.entries(counts).flatMap(([shardId, count]) =>
    Array.from({ length: count }, (_, index) => ({ shardId, position: String(100 + index) })),
  );
  slices.add(added.map(({ shardId, position }) => change(shardId, position)));

  const sizes = slices.all().map((slice) => added.filter((place) => isIn(place, slice)).length);

  expect(Math.max(...sizes)).toBeLessThanOrEqual(20);
  expect(sizes.length).toBeLessThan(20);
});
