import { expect, test } from 'vitest';
import { ReadBudget } from '../../../../backfill/cost/read-budget.ts';
import { MAX_PAGE_UNITS } from '../../../../backfill/cost/request-cost.ts';
import { scanTable } from '../../../../backfill/scan/scan.ts';
import { TailraceError } from '../../../../src/errors.ts';
import { VirtualClock } from '../../../support/clock/virtual-clock.ts';
import { MemoryTable } from '../../../support/memory/table.ts';
import { kind } from '../../../support/vitest/kind.ts';

const items = Array.from({ length: 20 }, (_, id) => ({ id: { S: `order-${id}` } }));

function scan(
  table: MemoryTable,
  take: (ids: readonly unknown[]) => Promise<void>,
  signal = new AbortController().signal,
) {
  return scanTable({ reader: table, table: 'Orders', segments: 4, signal }, ({ items: page }) =>
    take(Array.from(page, (item) => item['id']?.['S'])),
  );
}

test('all segments together are the table, each item once', async () => {
  const taken: unknown[] = [];

  await scan(new MemoryTable(items), async (ids) => void taken.push(...ids));

  expect(taken.toSorted()).toEqual(items.map(({ id }) => id.S).toSorted());
});

test('an empty page is not the end', async () => {
  const table = new MemoryTable(items);
  table.pageSizes = [0, 0, 3];
  const taken: unknown[] = [];

  await scan(table, async (ids) => void taken.push(...ids));

  expect(taken).toHaveLength(20);
});

test('a slow taker holds the reading back: a page of each segment at most is in hand', async () => {
  const table = new MemoryTable(items);
  let inHand = 0;
  let most = 0;
  table.beforePage = () => {
    most = Math.max(most, ++inHand);
  };

  await scan(table, async () => {
    await new Promise((resolve) => setTimeout(resolve, 2));
    inHand--;
  });

  expect(most).toBe(4);
});

test('when one segment fails the others stop, and its failure is the answer', async () => {
  const table = new MemoryTable(items);
  const failure = new TailraceError('source-denied', 'Injected');
  table.beforePage = async (segment) => {
    if (segment === 2) throw failure;
    await new Promise((resolve) => setImmediate(resolve));
  };

  await expect(scan(table, async () => {})).rejects.toBe(failure);

  const calls = table.calls.length;
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(table.calls).toHaveLength(calls);
  expect(calls).toBeLessThan(8);
});

test('when the taker fails, nothing more is read', async () => {
  const table = new MemoryTable(items);
  const failure = new TailraceError('destination-unavailable', 'Injected');

  await expect(scan(table, () => Promise.reject(failure))).rejects.toBe(failure);

  expect(table.calls.length).toBeLessThanOrEqual(4);
});

test('an interruption is named, and nothing more is read', async () => {
  const table = new MemoryTable(items);
  const stopping = new AbortController();
  let taken = 0;

  await expect(
    scan(
      table,
      async () => {
        if (++taken === 3) stopping.abort();
      },
      stopping.signal,
    ),
  ).rejects.toMatchObject(kind('interrupted'));

  expect(taken).toBeLessThan(8);
});

test('a page that waits for its turn when another segment fails is never asked for, and costs nothing', async () => {
  const table = new MemoryTable(items);
  table.unitsPerPage = 20;
  const clock = new VirtualClock();
  const { signal } = new AbortController();
  const budget = new ReadBudget({ clock, signal, unitsPerSecond: 10 });
  const take = async ({ segment }: { readonly segment: number }) => {
    if (segment === 1) return;
    await clock.sleep(500);
    throw new TailraceError('destination-busy', 'Injected');
  };

  const reading = scanTable({ reader: table, table: 'Orders', segments: 2, signal, budget }, take);

  await expect(clock.run(reading)).rejects.toMatchObject(kind('destination-busy'));
  expect(table.calls).toHaveLength(2);
  expect(budget.used).toBe(40);
});

test('a page that is on its way when reading is interrupted is waited for, and counts as what it cost', async () => {
  const table = new MemoryTable(items);
  table.unitsPerPage = 20;
  const clock = new VirtualClock();
  table.beforePage = () => clock.sleep(1_000);
  const stopping = new AbortController();
  const budget = new ReadBudget({ clock, signal: stopping.signal });
  const segments: number[] = [];
  const take = async ({ segment }: { readonly segment: number }) => void segments.push(segment);

  const reading = scanTable({ reader: table, table: 'Orders', segments: 2, signal: stopping.signal, budget }, take);
  void clock.sleep(500).then(() => stopping.abort());

  await expect(clock.run(reading)).rejects.toMatchObject(kind('interrupted'));
  expect(segments.toSorted()).toEqual([0, 1]);
  expect(budget.used).toBe(40);
});

test('one that does not come is not waited for long, and counts in full', async () => {
  const clock = new VirtualClock();
  const stopping = new AbortController();
  const budget = new ReadBudget({ clock, signal: stopping.signal });
  const reader = {
    scan: async ({ signal }: { readonly signal?: AbortSignal }) => {
      await clock.sleep(30_000, signal);
      throw new TailraceError('interrupted', 'Reading was interrupted');
    },
  };
  const began = clock.now();

  const reading = scanTable({ reader, table: 'Orders', segments: 1, signal: stopping.signal, budget }, async () => {});
  void clock.sleep(500).then(() => stopping.abort());

  await expect(clock.run(reading)).rejects.toMatchObject(kind('interrupted'));
  expect(clock.now() - began).toBe(2_500);
  expect(budget.used).toBe(MAX_PAGE_UNITS);
});

test('segments that are refused together cost nothing', async () => {
  const clock = new VirtualClock();
  const { signal } = new AbortController();
  const budget = new ReadBudget({ clock, signal });
  const denied = new TailraceError('source-denied', 'Injected', {
    cause: Object.assign(new Error('Denied'), { $metadata: { httpStatusCode: 400 } }),
  });
  const reader = {
    scan: async ({ segment, signal: late }: { readonly segment: number; readonly signal?: AbortSignal }) => {
      await clock.sleep(50 * (segment + 1), late);
      throw late?.aborted ? new TailraceError('interrupted', 'Reading was interrupted') : denied;
    },
  };

  const reading = scanTable({ reader, table: 'Orders', segments: 4, signal, budget }, async () => {});

  await expect(clock.run(reading)).rejects.toBe(denied);
  expect(budget.used).toBe(0);
});
