import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { HISTORIES } from '../support/vitest/budget.ts';
import { generate, MIN_WRITES } from './history/generate.ts';
import { play } from './history/play.ts';
import { shrink } from './history/shrink.ts';
import { BREAKAGES } from './run/breakages.ts';
import { failures, rareTroubles, shrinkHistory, simulate } from './run/simulate.ts';
import { Engine } from './world/memory-database.ts';

const SEED = 1;

test(`at rest the latest view is the table, wherever that is promised, in ${HISTORIES} histories full of trouble`, async () => {
  const result = await simulate({ histories: HISTORIES, seed: SEED });

  const [first] = result.divergences;
  expect(first ? (await shrinkHistory(first.seed)).story : '', `history ${first?.seed} diverges`).toBe('');
  expect(failures(result)).toBe(0);
  expect(result.fewestWrites).toBeGreaterThanOrEqual(MIN_WRITES);
}, 300_000);

test('a run that is interrupted plays the histories that have begun to their end, and gives their result', async () => {
  const interruption = new AbortController();
  const onProgress = () => interruption.abort();
  const result = await simulate({ histories: 500, seed: SEED, workers: 1, signal: interruption.signal, onProgress });

  expect(result.histories).toBe(1);
  expect(Object.values(result.coverage).some((count) => count > 0)).toBe(true);
}, 300_000);

test('a trouble that fewer than one history of a hundred met is named, and fails the run', () => {
  const histories = { histories: 1_000, divergences: [], seed: SEED, fewestWrites: MIN_WRITES };
  const simulation = { ...histories, coverage: { outage: 10, quota: 9, 'time-out': 0 } };

  expect(rareTroubles(simulation)).toEqual(['quota', 'time-out']);
  expect(failures({ ...simulation, coverage: { outage: 10 } })).toBe(0);
  expect(failures(simulation)).toBe(2);
});

test('one seed is one history, to the last line of its story', async () => {
  using engine = await Engine.start();
  for (const seed of [17, 26, 41]) {
    const [once, again] = [await play(generate(seed), engine), await play(generate(seed), engine)];
    expect(again.story).toBe(once.story);
    expect(again.story.split('\n').length).toBeGreaterThan(100);
  }
});

test('a broken product is found out, by a small history with a readable story', async () => {
  const breakage = BREAKAGES.find(({ name }) => name === 'tombstones dropped first');
  if (!breakage) throw new Error('That breakage is gone');
  const reported: number[] = [];
  const onDivergence = ({ seed }: { readonly seed: number }) => reported.push(seed);
  const options = { histories: 50, seed: SEED, workers: 1, breakage, untilFirst: true, onDivergence };
  const { divergences } = await simulate(options);
  const { story, violations } = await shrinkHistory(divergences[0]?.seed ?? Number.NaN, breakage);

  expect(reported).toEqual([divergences[0]?.seed]);
  expect(violations[0]).toMatch(
    /item-\d.* is extra|latest view is wrong at .*item-\d|learns that a publication changes/,
  );
  expect(story).toMatch(/writer {10}removes item-\d|time to live {4}removes item-\d/);
  expect(story?.split('\n').filter((line) => line.includes('  writer  ')).length).toBeLessThan(15);
}, 300_000);

test('a history is shrunk to the steps that it goes wrong by', async () => {
  const plan = generate(SEED);
  // Steps that occur once, so that no other stands for them.
  const once = plan.steps.filter((step) => plan.steps.filter(same(step)).length === 1);
  const [a, b] = [once[3], once.at(-2)];
  const small = await shrink(plan, async ({ steps }) => steps.some(same(a)) && steps.some(same(b)));

  expect(small.steps.map((step) => step.do)).toEqual([a?.do, b?.do]);
});

test.each(BREAKAGES)('the breakage "$name" still fits the product', ({ file, find }) => {
  expect(readFileSync(file, 'utf8').split(find)).toHaveLength(2);
});

/** A step is itself whatever its wait. */
function same(wanted: object | undefined) {
  const text = JSON.stringify({ ...wanted, wait: 0 });
  return (step: object) => JSON.stringify({ ...step, wait: 0 }) === text;
}
