import { describe, expect, test } from 'vitest';
import { ClaimedReadBudget } from '../../../../backfill/cost/claimed-read-budget.ts';
import { MAX_PAGE_UNITS } from '../../../../backfill/cost/request-cost.ts';
import { VirtualClock } from '../../../support/clock/virtual-clock.ts';
import { seededRandom } from '../../../support/values/seeded-random.ts';

const signal = new AbortController().signal;

describe('a claim', () => {
  test.each([
    ['a cap', 20_000],
    ['none', undefined],
  ])(
    'with %s, the saved claim never lags behind what was used, so that a killed process counts in full',
    async (_, maxUnits) => {
      const clock = new VirtualClock();
      const random = seededRandom(5);
      let saved = 0;
      let saves = 0;
      const budget: ClaimedReadBudget = new ClaimedReadBudget({ clock, signal, maxUnits }, async () => {
        const { claimed } = budget;
        await clock.sleep(5);
        saved = claimed;
        saves++;
      });
      let asked = 0;
      const segment = async () => {
        while (asked < 300) {
          await budget.admit();
          asked++;
          expect(budget.used).toBeLessThanOrEqual(saved);
          await clock.sleep(random.next() * 20);
          budget.answered(random.next() * MAX_PAGE_UNITS);
        }
      };

      await clock.run(Promise.allSettled([segment(), segment(), segment()]));

      expect(budget.used).toBeLessThanOrEqual(saved);
      expect(saves).toBeLessThan(asked / 4);
      budget.releaseClaim();
      expect(budget.claimed).toBe(budget.used);
    },
  );

  test('the cap is never claimed beyond, and the closer it is the less is claimed ahead', async () => {
    const maxUnits = 40_000;
    const budget = new ClaimedReadBudget({ clock: new VirtualClock(), signal, maxUnits }, async () => {});
    let read = 0;
    for (; budget.room >= MAX_PAGE_UNITS; read++) {
      await budget.admit();
      const ahead = budget.claimed - budget.used - MAX_PAGE_UNITS;
      expect(budget.claimed).toBeLessThanOrEqual(maxUnits);
      expect(ahead).toBeLessThanOrEqual((maxUnits - budget.used) / 5);
      budget.answered(MAX_PAGE_UNITS / 2);
    }

    expect(read).toBeGreaterThan(400);
  });

  test('what is in flight stays claimed when the rest is released', async () => {
    const budget = new ClaimedReadBudget({ clock: new VirtualClock(), signal, maxUnits: 5_000 }, async () => {});
    await budget.admit();
    await budget.admit();
    budget.answered(10);

    budget.releaseClaim();

    expect(budget.claimed).toBe(10 + MAX_PAGE_UNITS);
  });

  test('a request whose claim could not be saved is not sent, and reserves nothing', async () => {
    const full = new Error('no space left');
    const save = async () => {
      throw full;
    };
    const budget = new ClaimedReadBudget({ clock: new VirtualClock(), signal, maxUnits: 5_000 }, save);

    await expect(budget.admit()).rejects.toBe(full);

    expect(budget.room).toBe(5_000);
  });
});
