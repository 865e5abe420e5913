import { expect, test } from 'vitest';
import type { BackfillProgress } from '../../../../../backfill/backfill.ts';
import { backfillReport } from '../../../../../cli/commands/backfill/progress-report.ts';
import { commandStage } from '../../../../support/stages/command-stage.ts';

const SCANNING: BackfillProgress = {
  phase: 'scanning',
  items: 0,
  aboutItems: 1_000,
  units: 0,
  segments: 4,
  segmentsDone: 0,
  waitMs: 0,
  isResumed: false,
};

/** A report on a clock that a test moves; a read unit costs ten cents unless a test says otherwise. */
function stageOf({ json = false, unitDollars = 0.1 as number | null } = {}) {
  let now = 0;
  const clock = { now: () => now, sleep: () => Promise.reject(new Error('A report waits for nothing')) };
  const stage = commandStage({ clock });
  const report = backfillReport('Orders', unitDollars, clock, stage.output(json));
  return {
    ...stage,
    report,
    /** Reports progress after some milliseconds. */
    later(ms: number, progress: Partial<BackfillProgress>) {
      now += ms;
      report.progress({ ...SCANNING, ...progress });
    },
    events: () => stage.stdout.lines.map((line) => JSON.parse(line)),
  };
}

test('away from a terminal, a plain line every five seconds says items, read units, cost, time left, rate and segments', () => {
  const { later, stderr, stdout, report } = stageOf();

  for (let second = 0; second <= 10; second++) {
    later(1_000, { items: second * 50, units: second * 6, segmentsDone: second < 9 ? 0 : 3 });
  }
  report.done();

  expect(stderr.lines).toEqual([
    '20%  Orders: 200 of about 1,000 items, 24 read units, $2.40 so far, about 16 s left, 50/s, 4 of 4 segments in progress',
    '45%  Orders: 450 of about 1,000 items, 54 read units, $5.40 so far, about 11 s left, 50/s, 1 of 4 segments in progress',
  ]);
  expect(stdout.text).toBe('');
});

test.each([
  ['is not known', null],
  ['is paid for, or local', 0],
])('no cost is shown where it %s', (_, unitDollars) => {
  const { later, stderr } = stageOf({ unitDollars });

  later(6_000, { items: 60, units: 10 });

  expect(stderr.text).toMatch(/10 read units, [^$]*, 4 of 4 segments in progress/);
});

test('a script gets an event a line: at once, each second at most, and when another phase begins', () => {
  const { later, events, stderr } = stageOf({ json: true });

  later(0, { phase: 'waiting', segments: 0, waitMs: 60_000 });
  later(60_000, {});
  for (let step = 1; step <= 20; step++) later(100, { items: step * 10, units: step });
  later(0, { phase: 'publishing', items: 200, units: 20, segmentsDone: 4 });

  expect(events().map(({ phase, items }) => [phase, items])).toEqual([
    ['waiting', 0],
    ['scanning', 0],
    ['scanning', 100],
    ['scanning', 200],
    ['publishing', 200],
  ]);
  expect(events()[3]).toEqual({
    event: 'progress',
    phase: 'scanning',
    items: 200,
    about_items: 1_000,
    items_per_second: 100,
    about_ms_left: 8_000,
    read_units: 20,
    read_dollars: 2,
    segments: 4,
    segments_in_progress: 4,
    resumed: false,
    wait_ms: 0,
  });
  expect(stderr.lines).toHaveLength(1);
});

test('no time left is guessed once there are more items than DynamoDB counts', () => {
  const { later, events } = stageOf({ json: true });

  later(0, {});
  later(1_000, { items: 1_001 });

  expect(events()[1]).toMatchObject({ about_ms_left: null, items_per_second: expect.any(Number) });
});

test('what runs before have read says nothing of how fast this one is', () => {
  const { later, events, stderr } = stageOf({ json: true });

  later(0, { items: 900, isResumed: true });
  later(2_000, { items: 910, isResumed: true });

  expect(events()[1]).toMatchObject({ items: 910, items_per_second: 5, about_ms_left: 18_000, resumed: true });
  expect(stderr.lines).toEqual(['Resuming the backfill of Orders after 900 items.']);
});
