import { expect, test } from 'vitest';
import { ReadBudget } from '../../../../backfill/cost/read-budget.ts';
import { maxGetUnits } from '../../../../backfill/cost/request-cost.ts';
import { getItems } from '../../../../backfill/verify/get-items.ts';
import { TailraceError } from '../../../../src/errors.ts';
import type { GetRequest, TableReader } from '../../../../src/source/table-reader.ts';
import { VirtualClock } from '../../../support/clock/virtual-clock.ts';
import { seededRandom } from '../../../support/values/seeded-random.ts';
import { kind } from '../../../support/vitest/kind.ts';

const { signal } = new AbortController();
const keys = (count: number) => Array.from({ length: count }, (_, id) => ({ id: { S: `${id}` } }));

const same = <T>(item: T): T => item;

/** A table that has every item, whose reads cost what `costs` says. */
function stage(maxUnits: number | undefined, costs: (keys: number) => number = (count) => count) {
  const sizes: number[] = [];
  const get: TableReader['get'] = async ({ keys: asked }: GetRequest) => {
    sizes.push(asked.length);
    return { items: asked, unprocessed: [], consumedUnits: costs(asked.length) };
  };
  const budget = new ReadBudget({ clock: new VirtualClock(), signal, maxUnits });
  return {
    sizes,
    budget,
    read: (count: number, reader = { get }) => getItems(keys(count), { reader, table: 't', budget, signal }, same),
  };
}

test('a request holds at most a hundred keys', async () => {
  const { read, sizes, budget } = stage(undefined);

  expect(await read(250)).toEqual(keys(250));
  expect(sizes).toEqual([16, 100, 100, 34]);
  expect(budget.used).toBe(250);
});

test('of large items fewer are asked for at a time: an answer has a few megabytes', async () => {
  const { read, sizes } = stage(undefined, (count) => count * 100);

  await read(60);

  expect(Math.max(...sizes.slice(1))).toBe(10);
});

test('near the cap fewer are asked for at a time, and none that could pass it', async () => {
  const { read, sizes, budget } = stage(1_000, (count) => count * 20);

  await expect(read(250)).rejects.toMatchObject(kind('read-cap-reached'));

  expect(sizes[0]).toBe(10);
  expect(sizes.at(-1)).toBe(1);
  expect(budget.used).toBeGreaterThan(900);
  expect(budget.used).toBeLessThanOrEqual(1_000);
});

test('the cap is never passed, whatever items cost', async () => {
  const random = seededRandom(1);
  for (let run = 0; run < 20; run++) {
    const maxUnits = Math.floor(random.next() * 20_000);
    const { read, budget } = stage(maxUnits, (count) => random.next() * maxGetUnits(count));

    await expect(read(3_000)).rejects.toMatchObject(kind('read-cap-reached'));

    expect(budget.used).toBeLessThanOrEqual(maxUnits);
    expect(budget.used).toBeGreaterThan(maxUnits - maxGetUnits(1));
  }
});

test('each further attempt is reserved too, and one without an answer counts in full', async () => {
  const { read, budget } = stage(500);
  const get: TableReader['get'] = async ({ onRetry }) => {
    await onRetry?.('unanswered');
    await onRetry?.('refused');
    return { items: [], unprocessed: [], consumedUnits: 1 };
  };

  expect(await read(2, { get })).toEqual([null, null]);

  expect(budget.used).toBe(maxGetUnits(2) + 1);
  const failing: TableReader['get'] = () => Promise.reject(new TailraceError('source-unavailable', 'Injected'));
  await expect(read(1, { get: failing })).rejects.toMatchObject(kind('source-unavailable'));
  expect(budget.used).toBe(maxGetUnits(2) + 1 + maxGetUnits(1));
});

test('at a low rate no more keys are asked for than cost a second of it', async () => {
  const clock = new VirtualClock();
  const sizes: number[] = [];
  const budget = new ReadBudget({ clock, signal, unitsPerSecond: 7 });
  const reader = {
    get: async ({ keys: asked }: GetRequest) => {
      sizes.push(asked.length);
      return { items: asked, unprocessed: [], consumedUnits: asked.length };
    },
  };

  await clock.run(getItems(keys(20), { reader, table: 't', budget, signal }, same));

  expect(sizes).toEqual([7, 7, 6]);
});
