import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyVerdict, type State } from '../../../backfill/verify/verdict.ts';
import { RUNS } from '../../support/vitest/budget.ts';

const LAG = 1_000;

/** A key's history: what it was, from when, and when the view got it; `null` if the view never did. */
type Version = { readonly at: number; readonly state: State; readonly shownAt: number | null };

/** Writes and looks, in milliseconds from the first look. Negative: before it. */
type History = { readonly versions: readonly Version[]; readonly looks: readonly number[] };

const looks = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 20, maxLength: 60 }).map((gaps) => {
  let at = 0;
  return [0, ...gaps.map((gap) => (at += gap))];
});

/** A history of states that never come again, each shown in order and within the lag unless `lose` says that it's lost. */
function history(lose: fc.Arbitrary<boolean>): fc.Arbitrary<History> {
  const change = fc.record({
    gap: fc.integer({ min: 1, max: 900 }),
    delay: fc.nat(LAG),
    gone: fc.boolean(),
    lost: lose,
  });
  return fc.record({ changes: fc.array(change, { maxLength: 40 }), looks }).map(({ changes, looks: times }) => {
    let at = -3 * LAG;
    let shownAt = at;
    const versions: Version[] = [{ at, state: 'first', shownAt }];
    for (const [index, { gap, delay, gone, lost }] of changes.entries()) {
      at += gap;
      // A stream keeps the order: no change overtakes the one before it.
      shownAt = Math.max(shownAt, at + delay);
      const state = gone && versions.at(-1)?.state !== null ? null : `version-${index}`;
      versions.push({ at, state, shownAt: lost ? null : shownAt });
    }
    return { versions, looks: times };
  });
}

function itemAt(versions: readonly Version[], time: number): State {
  return versions.findLast(({ at }) => at <= time)?.state ?? null;
}

function viewAt(versions: readonly Version[], time: number): State {
  return versions.findLast(({ shownAt }) => shownAt !== null && shownAt <= time)?.state ?? null;
}

function decide({ versions, looks: times }: History) {
  const settlement = new KeyVerdict(LAG);
  for (const at of times) {
    const verdict = settlement.observe({ at, item: itemAt(versions, at), view: viewAt(versions, at) });
    if (verdict !== 'open') return { verdict, at };
  }
  return { verdict: 'open', at: times.at(-1) ?? 0 } as const;
}

test('a view that is only late never differs, however fast the item changes', () => {
  fc.assert(
    fc.property(history(fc.constant(false)), (of) => {
      expect(decide(of).verdict).not.toBe('differs');
    }),
    { numRuns: RUNS.numRuns * 10 },
  );
});

test('what agrees was shown as the item was at some time since the first look', () => {
  fc.assert(
    fc.property(history(fc.boolean()), (of) => {
      const { verdict, at } = decide(of);
      fc.pre(verdict === 'agrees');
      const shown = viewAt(of.versions, at);
      const since = of.versions.filter((version, index) => {
        const until = of.versions[index + 1]?.at ?? Number.POSITIVE_INFINITY;
        return version.at <= at && until > 0;
      });
      expect(since.map(({ state }) => state)).toContain(shown);
    }),
    { numRuns: RUNS.numRuns * 10 },
  );
});

test('an item that stands still and isn’t shown differs, and never agrees', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<State>('a', null),
      fc.constantFrom<State>('b', 'c', null),
      fc.array(fc.integer({ min: 100, max: 400 }), { minLength: 40, maxLength: 40 }),
      (item, view, gaps) => {
        fc.pre(item !== view);
        const settlement = new KeyVerdict(LAG);
        const verdicts = new Set<string>();
        let at = 0;
        for (const gap of gaps) {
          at += gap;
          const verdict = settlement.observe({ at, item, view });
          verdicts.add(verdict);
          if (verdict === 'differs') expect(at).toBeGreaterThanOrEqual(LAG);
        }
        expect(verdicts).toEqual(new Set(['open', 'differs']));
      },
    ),
    RUNS,
  );
});

test('an item that goes to and fro between two states is not called different at a glance', () => {
  const settlement = new KeyVerdict(LAG);

  // Met as "a" on one side and "b" on the other, a lag apart: it may have been to and fro in between.
  expect(settlement.observe({ at: 0, item: 'a', view: 'b' })).toBe('open');
  expect(settlement.observe({ at: LAG + 1, item: 'a', view: 'b' })).toBe('open');
});

test('a key under constant change agrees as soon as the view arrives where it was seen', () => {
  const settlement = new KeyVerdict(LAG);

  expect(settlement.observe({ at: 0, item: 'v2', view: 'v1' })).toBe('open');
  expect(settlement.observe({ at: 100, item: 'v5', view: 'v3' })).toBe('open');
  expect(settlement.observe({ at: 200, item: 'v9', view: 'v5' })).toBe('agrees');
});

test('a key that moves all the time on both sides, and is never met again in one state, is changing', () => {
  const settlement = new KeyVerdict(LAG);
  const verdicts: string[] = [];

  for (let at = 0; at <= 2 * LAG; at += 100) {
    verdicts.push(settlement.observe({ at, item: `item ${at}`, view: `view ${at}` }));
  }

  expect(verdicts.slice(0, -1)).toEqual(verdicts.slice(1).map(() => 'open'));
  expect(verdicts.at(-1)).toBe('changing');
});

test.each([
  ['the item stands still', () => 'still', (at: number) => `view ${at}`],
  ['the view stands still', (at: number) => `item ${at}`, () => 'still'],
  ['the item came to rest', (at: number) => `item ${Math.min(at, LAG / 2)}`, (at: number) => `view ${at}`],
  ['the view came to rest', (at: number) => `item ${at}`, (at: number) => `view ${Math.min(at, LAG / 2)}`],
])('a key of which %s for longer than the lag is not changing', (_, item, view) => {
  const settlement = new KeyVerdict(LAG);

  for (let at = 0; at <= 10 * LAG; at += 100) {
    expect(settlement.observe({ at, item: item(at), view: view(at) })).toBe('open');
  }
});

test('a view that still moves is not called different, however long it takes', () => {
  const settlement = new KeyVerdict(LAG);

  for (let look = 0; look < 50; look++) {
    expect(settlement.observe({ at: look * LAG, item: 'now', view: `before-${look}` })).toBe('open');
  }
  expect(settlement.observe({ at: 50 * LAG, item: 'now', view: 'now' })).toBe('agrees');
});
