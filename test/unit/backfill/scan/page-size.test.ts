import { expect, test } from 'vitest';
import { ReadBudget } from '../../../../backfill/cost/read-budget.ts';
import { PageSize } from '../../../../backfill/scan/page-size.ts';
import { scanTable } from '../../../../backfill/scan/scan.ts';
import type { TableReader } from '../../../../src/source/table-reader.ts';
import { VirtualClock } from '../../../support/clock/virtual-clock.ts';

/** A table without an end, of items of one size, whose pages DynamoDB cuts at 1 MB. Tells when which units were used. */
function endless(clock: VirtualClock, itemBytes: number) {
  const used: { at: number; units: number }[] = [];
  const reader: Pick<TableReader, 'scan'> = {
    async scan({ limit = Number.POSITIVE_INFINITY }) {
      const count = Math.min(limit, Math.ceil((1024 * 1024) / itemBytes));
      await clock.sleep(20);
      const units = Math.ceil((count * itemBytes) / 4096) / 2;
      used.push({ at: clock.now(), units });
      const item = { id: { S: 'a' } };
      return { items: Array.from({ length: count }, () => item), lastKey: item, consumedUnits: units };
    },
  };
  return { reader, used };
}

const ITEMS = { 'small items': 100, 'usual items': 450, 'large items': 60_000, 'the largest items': 400 * 1024 };
const KINDS = ['small items', 'usual items', 'large items', 'the largest items'] as const;
const CASES = KINDS.flatMap((what) => [5, 25, 100, 1_000].map((rate) => [what, rate] as const));

test.each(CASES)('from its first minute on, a scan of %s keeps a rate of %d within 5 %', async (what, rate) => {
  const clock = new VirtualClock();
  const itemBytes = ITEMS[what];
  const { reader, used } = endless(clock, itemBytes);
  const stop = new AbortController();
  const budget = new ReadBudget({ clock, signal: stop.signal, unitsPerSecond: rate });
  const began = clock.now();

  const scan = scanTable({ reader, table: 'Orders', segments: 4, signal: stop.signal, budget }, async () => {
    if (clock.now() - began > 180_000) stop.abort();
  });
  await clock.run(scan.catch(() => {}));

  for (const minute of [0, 1, 2]) {
    const within = used.filter(({ at }) => Math.floor((at - began) / 60_000) === minute);
    const units = within.reduce((sum, page) => sum + page.units, 0);
    // No page is smaller than an item.
    const slack = Math.max(0.05 * 60 * rate, (2 * itemBytes) / 8192);
    expect(Math.abs(units - 60 * rate)).toBeLessThanOrEqual(slack);
  }
});

test('no page takes more than a second of its rate, but for one item that does', async () => {
  const clock = new VirtualClock();
  const { reader, used } = endless(clock, 450);
  const stop = new AbortController();
  const budget = new ReadBudget({ clock, signal: stop.signal, unitsPerSecond: 25 });

  const scan = scanTable({ reader, table: 'Orders', segments: 4, signal: stop.signal, budget }, async () => {
    if (used.length > 100) stop.abort();
  });
  await clock.run(scan.catch(() => {}));

  expect(Math.max(...used.map(({ units }) => units))).toBeLessThanOrEqual(26);
});

test.each([
  [undefined, undefined],
  [1_000, undefined],
  [100, 2],
  [1, 1],
])('at a rate of %s the first page has at most %s items', (rate, limit) => {
  expect(new PageSize(rate).limit).toBe(limit);
});

test('pages grow and shrink with what the items before them cost', () => {
  const size = new PageSize(100);

  size.cost(2, 0.5);
  expect(size.limit).toBe(16);
  size.cost(16, 1);
  size.cost(128, 7);
  size.cost(1_024, 56);
  expect(size.limit).toBe(1_828);
  size.cost(1_828, 400);
  expect(size.limit).toBe(457);
  size.cost(0, 0.5);
  expect(size.limit).toBe(457);
});

test('where the server counts no units, pages are as large as they come', () => {
  const size = new PageSize(1);
  expect(size.limit).toBe(1);

  size.cost(1, 0);

  expect(size.limit).toBeUndefined();
});
