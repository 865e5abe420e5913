import { describe, expect, test } from 'vitest';
import { chunkCharacters } from '../../../../backfill/scan/chunk-size.ts';

const MB = 1024 * 1024;
const GB = 1e9;
const ANY = Number.POSITIVE_INFINITY;
/** Four loads may be on their way while the next one is open. */
const UNDER_WAY = 5;

/** The loads of a table whose segments are read at one pace, cut at the ends of pages of 1 MB. */
function loadsOf(bytes: number, itemBytes: number, segments: number): readonly number[] {
  const page = Math.ceil(MB / itemBytes) * itemBytes;
  const sizes: number[] = [];
  let open = 0;
  for (let left = bytes; left > 0; left -= page) {
    open += page;
    // What the other segments have read by then waits in their hands for the next one.
    const isLast = left <= page * segments;
    if (isLast || open < chunkCharacters(sizes.length, ANY)) continue;
    sizes.push(open);
    open = 0;
  }
  return [...sizes, open];
}

describe.each([1, 10, 40, 200])('of a table of %d GB', (gigabytes) => {
  const shapes = [100, 450, 5_000, 400 * 1024].flatMap((item) =>
    [1, 4, 64, 1_000].map((parts) => [item, parts] as const),
  );

  test.each(shapes)('items of %d bytes, in %d segments, take a thousand loads at most', (itemBytes, segments) => {
    const sizes = loadsOf(gigabytes * GB, itemBytes, segments);

    expect(sizes.length).toBeLessThanOrEqual(1_000);
    let loaded = 0;
    for (const [index, size] of sizes.slice(0, -1).entries()) {
      loaded += size;
      const undone = sizes.slice(index + 1, index + 1 + UNDER_WAY).reduce((sum, each) => sum + each, 0);
      // Besides the pages that segments have in hand, and those behind which the last load waits for all of them.
      expect(undone).toBeLessThanOrEqual(0.06 * loaded + UNDER_WAY * 9 * MB + segments * 2 * MB);
    }
  });
});

test.each([
  [10 * GB, 258],
  [200 * GB, 551],
  [17_000 * GB, 997],
])('%d characters are %d loads', (characters, loads) => {
  let count = 0;
  for (let loaded = 0; loaded < characters; count++) loaded += chunkCharacters(count, ANY);

  expect(count).toBe(loads);
});

test('the first loads are small, and none is larger than the destination takes', () => {
  expect(chunkCharacters(0, ANY)).toBe(8 * MB);
  expect(chunkCharacters(20, ANY)).toBeLessThan(10 * MB);
  expect(chunkCharacters(1_000, 8 * MB)).toBe(8 * MB);
  expect(chunkCharacters(1_000, 64 * MB)).toBe(64 * MB);
});
