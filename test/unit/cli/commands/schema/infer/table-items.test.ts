import { expect, test } from 'vitest';
import { readTableItems } from '../../../../../../cli/commands/schema/infer/table-items.ts';
import { ItemFacts } from '../../../../../../src/schema/infer/item-facts.ts';
import type { ScanRequest } from '../../../../../../src/source/table-reader.ts';
import { fixedClock } from '../../../../../support/clock/simple-clocks.ts';

/** Items that a page has at most, at a unit each. */
const PAGE = 100;

/** Reads a table of 16 parts with so many items in each, at a unit an item. */
async function read(itemsOfPart: (segment: number) => number, options: { maxItems: number; maxReadUnits: number }) {
  const requests: ScanRequest[] = [];
  const facts = new ItemFacts([]);
  const tables = {
    async scan(request: ScanRequest) {
      requests.push(request);
      const from = Number(request.startKey?.['id']?.['N'] ?? 0);
      const to = Math.min(itemsOfPart(request.segment), from + Math.min(request.limit ?? PAGE, PAGE));
      const items = Array.from({ length: to - from }, (_, n) => ({ id: { N: String(from + n) } }));
      const lastKey = to < itemsOfPart(request.segment) ? { id: { N: String(to) } } : null;
      return { items, lastKey, consumedUnits: items.length };
    },
  };
  const { signal } = new AbortController();
  const reading = { tables, table: 'T', facts, ...options, clock: fixedClock(0), signal, onProgress: () => {} };
  return { ...(await readTableItems(reading)), items: facts.items, requests };
}

test('a small table is read whole', async () => {
  expect(await read(() => 3, { maxItems: 100, maxReadUnits: 1_000 })).toMatchObject({
    read: 'all',
    items: 48,
    units: 48,
  });
});

test('a large table is read in pages of all its parts, up to a number of items', async () => {
  const { requests, ...found } = await read(() => 1_000_000, { maxItems: 640, maxReadUnits: 10_000 });

  expect(found).toEqual({ read: 'enough', items: 640, units: 640 });
  expect(new Set(requests.map(({ segment }) => segment)).size).toBe(16);
  expect(requests.every(({ totalSegments, limit = 0 }) => totalSegments === 16 && limit <= 10)).toBe(true);
});

test('a part with most of the items does not fill the sample before the others are read', async () => {
  const { requests } = await read((segment) => (segment === 0 ? 1_000_000 : 20), {
    maxItems: 640,
    maxReadUnits: 10_000,
  });

  expect(requests.slice(0, 16).map(({ segment }) => segment)).toEqual(Array.from({ length: 16 }, (_, n) => n));
});

test('the cap on read units is never passed', async () => {
  const found = await read(() => 1_000_000, { maxItems: 1_000_000, maxReadUnits: 16_000 });

  expect(found).toMatchObject({ read: 'capped' });
  expect(found.units).toBeGreaterThan(0);
  expect(found.units).toBeLessThanOrEqual(16_000);
});
