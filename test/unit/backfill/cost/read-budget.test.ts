import { describe, expect, test } from 'vitest';
import { ReadBudget } from '../../../../backfill/cost/read-budget.ts';
import { MAX_PAGE_UNITS } from '../../../../backfill/cost/request-cost.ts';
import { VirtualClock } from '../../../support/clock/virtual-clock.ts';
import { seededRandom } from '../../../support/values/seeded-random.ts';
import { kind } from '../../../support/vitest/kind.ts';

const signal = new AbortController().signal;

/** Reads pages of some cost, each of which takes the server a while, and gives the units used until time was over. */
async function read(
  { clock, budget }: { clock: VirtualClock; budget: ReadBudget },
  { segments, untilMs, pageMs, cost }: { segments: number; untilMs: number; pageMs: number; cost: () => number },
): Promise<number> {
  const end = clock.now() + untilMs;
  let used = 0;
  await clock.run(
    Promise.all(
      Array.from({ length: segments }, async () => {
        while (clock.now() < end) {
          await budget.admit();
          await clock.sleep(pageMs);
          const units = cost();
          budget.answered(units);
          if (clock.now() <= end) used += units;
        }
      }),
    ),
  );
  return used;
}

describe('the rate', () => {
  test.each([
    ['few segments', 500, 4, 20],
    ['many segments', 2_000, 64, 50],
    ['slow pages', 1_000, 32, 900],
  ])('holds within 5 % over a minute: %s', async (_, unitsPerSecond, segments, pageMs) => {
    const clock = new VirtualClock();
    const random = seededRandom(7);
    const budget = new ReadBudget({ clock, signal, unitsPerSecond });

    const cost = () => random.next() * 128;
    const used = await read({ clock, budget }, { segments, untilMs: 60_000, pageMs, cost });

    expect(used / (60 * unitsPerSecond)).toBeGreaterThan(0.95);
    expect(used / (60 * unitsPerSecond)).toBeLessThan(1.05);
  });

  test('does not make up for minutes in which nothing was read', async () => {
    const clock = new VirtualClock();
    const budget = new ReadBudget({ clock, signal, unitsPerSecond: 100 });
    clock.jump(600_000);

    const used = await read({ clock, budget }, { segments: 4, untilMs: 10_000, pageMs: 1, cost: () => 10 });

    expect(used).toBeLessThanOrEqual(100 * 11 + 4 * 10);
  });

  test('falls when DynamoDB throttles, once for all that was under way, and rises again', async () => {
    const clock = new VirtualClock();
    const budget = new ReadBudget({ clock, signal, unitsPerSecond: 1_000 });
    const step = { segments: 4, pageMs: 10, cost: () => 50 };
    await read({ clock, budget }, { ...step, untilMs: 20_000 });
    const before = budget.used;
    for (let refusal = 0; refusal < 4; refusal++) {
      await clock.run(budget.admit());
      budget.failed('throttled');
    }
    await read({ clock, budget }, { ...step, untilMs: 9_000 });
    const throttled = (budget.used - before) / 9;
    await read({ clock, budget }, { ...step, untilMs: 120_000 });
    const after = budget.used;
    await read({ clock, budget }, { ...step, untilMs: 10_000 });

    expect(throttled).toBeGreaterThan(600);
    expect(throttled).toBeLessThan(800);
    expect((budget.used - after) / 10).toBeGreaterThan(950);
  });

  test('is found by being throttled where none was asked for', async () => {
    const clock = new VirtualClock();
    const budget = new ReadBudget({ clock, signal });
    const step = { segments: 1, pageMs: 100, cost: () => 100 };
    await read({ clock, budget }, { ...step, untilMs: 10_000 });
    const before = budget.used;
    await clock.run(budget.admit());
    budget.failed('throttled');

    await read({ clock, budget }, { ...step, untilMs: 9_000 });

    expect((budget.used - before) / 9).toBeLessThan(800);
  });

  test('an interruption is not slept through', async () => {
    const clock = new VirtualClock();
    const stopping = new AbortController();
    const budget = new ReadBudget({ clock, signal: stopping.signal, unitsPerSecond: 1 });
    await budget.admit();
    budget.answered(1_000);
    const waiting = budget.admit();
    stopping.abort();

    await waiting;

    expect(clock.now()).toBe(new VirtualClock().now());
  });
});

describe('the cap', () => {
  test('is never passed, whatever pages cost and how many are under way', async () => {
    const random = seededRandom(3);
    for (let run = 0; run < 50; run++) {
      const clock = new VirtualClock();
      const maxUnits = Math.floor(random.next() * 5_000);
      const budget = new ReadBudget({ clock, signal, maxUnits });
      const segments = Array.from({ length: 1 + Math.floor(random.next() * 16) }, async () => {
        for (;;) {
          await budget.admit();
          await clock.sleep(random.next() * 100);
          const fate = random.next();
          if (fate < 0.1) budget.failed('throttled');
          else if (fate < 0.2) budget.failed('unanswered');
          else budget.answered(random.next() * MAX_PAGE_UNITS);
        }
      });

      const ends = await clock.run(Promise.allSettled(segments));

      expect(budget.used).toBeLessThanOrEqual(maxUnits);
      expect(budget.used).toBeGreaterThan(maxUnits - MAX_PAGE_UNITS);
      for (const end of ends) {
        expect(end.status === 'rejected' ? end.reason : end).toMatchObject(kind('read-cap-reached'));
      }
    }
  });

  test('counts what was used before', async () => {
    const budget = new ReadBudget({ clock: new VirtualClock(), signal, maxUnits: 1_000, used: 900 });

    await expect(budget.admit()).rejects.toMatchObject(kind('read-cap-reached'));
  });

  test('a page that was never answered counts in full, one that was refused not at all', async () => {
    const budget = new ReadBudget({ clock: new VirtualClock(), signal });
    await budget.admit();
    budget.failed('unanswered');
    await budget.admit();
    budget.failed('refused');

    expect(budget.used).toBe(MAX_PAGE_UNITS);
  });
});
