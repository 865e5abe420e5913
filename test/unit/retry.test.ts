import { expect, test } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { backoffMs, type RetryOptions, retry } from '../../src/retry.ts';

const BACKOFF = { firstMs: 100, maxMs: 1_000 };
const HIGHEST = { next: () => 1, hex: () => '' };
const LOWEST = { next: () => 0, hex: () => '' };

/** A clock at which every wait is over at once, and the waits. */
function noting(): { readonly clock: Clock; readonly waits: number[] } {
  const waits: number[] = [];
  let now = 0;
  const sleep = async (ms: number) => {
    waits.push(ms);
    now += ms;
  };
  return { clock: { now: () => now, sleep }, waits };
}

function failing(times: number, error: unknown = new Error('away')) {
  let calls = 0;
  const attempt = async () => {
    if (++calls <= times) throw error;
    return calls;
  };
  return { attempt, calls: () => calls };
}

function options(clock: Clock, others: Partial<RetryOptions> = {}): RetryOptions {
  return { clock, random: HIGHEST, backoff: BACKOFF, isPassing: () => true, ...others };
}

test('waits double up to their bound, and are between half of it and all of it', () => {
  const waits = (random: typeof HIGHEST) => [1, 2, 3, 4, 5, 60].map((failures) => backoffMs(failures, BACKOFF, random));
  expect(waits(HIGHEST)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  expect(waits(LOWEST)).toEqual([50, 100, 200, 400, 500, 500]);
});

test('what passes is attempted again, after waits on the given clock', async () => {
  const { clock, waits } = noting();
  expect(await retry(failing(3).attempt, options(clock))).toBe(4);
  expect(waits).toEqual([100, 200, 400]);
});

test('each wait is reported before it begins, and the last failure is thrown', async () => {
  const { clock, waits } = noting();
  const away = new Error('away');
  const reported: unknown[] = [];
  const { attempt, calls } = failing(9, away);
  const onRetry = (error: unknown) => reported.push([error, waits.length]);
  await expect(retry(attempt, options(clock, { retries: 2, onRetry }))).rejects.toBe(away);
  expect(calls()).toBe(3);
  expect(reported).toEqual([
    [away, 0],
    [away, 1],
  ]);
});

test('what does not pass is thrown at once', async () => {
  const { clock, waits } = noting();
  const { attempt, calls } = failing(1);
  await expect(retry(attempt, options(clock, { isPassing: async () => false }))).rejects.toThrow('away');
  expect([calls(), waits]).toEqual([1, []]);
});

test('no attempt starts once the time is up', async () => {
  const { clock, waits } = noting();
  await expect(retry(failing(9).attempt, options(clock, { until: 700 }))).rejects.toThrow('away');
  expect(waits).toEqual([100, 200]);
});

test('an abort ends the wait and the attempts', async () => {
  const { clock } = noting();
  const stop = new AbortController();
  const { attempt, calls } = failing(9);
  const onRetry = () => stop.abort(new Error('stopped'));
  await expect(retry(attempt, options(clock, { signal: stop.signal, onRetry }))).rejects.toThrow('stopped');
  await expect(retry(attempt, options(clock, { signal: stop.signal }))).rejects.toThrow('stopped');
  expect(calls()).toBe(1);
});
