import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type StatusOptions, status } from '../../../../../cli/commands/status/status.ts';
import { lockForProcess } from '../../../../../cli/state/process-lock.ts';
import type { DeadLetterStore } from '../../../../../src/delivery/dead-letter.ts';
import type { Destination } from '../../../../../src/destination/destination.ts';
import { TailraceError } from '../../../../../src/errors.ts';
import { newCheckpoint } from '../../../../../src/stream/checkpoint.ts';
import { encodeCheckpoint } from '../../../../../src/stream/checkpoint-format.ts';
import { hurriedClock } from '../../../../support/clock/simple-clocks.ts';
import { loudFake } from '../../../../support/memory/loud-fake.ts';
import { commandStage, INVOCATION } from '../../../../support/stages/command-stage.ts';
import { ORDERS, STREAM_ARN } from '../../../../support/stream/record.ts';
import { publishedReading } from '../../../../support/values/published.ts';

const NOW = Date.UTC(2026, 0, 3, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'tailrace-status-'));
});
afterEach(() => rm(state, { recursive: true }));

/** Leaves the checkpoint of a tail in the state directory. */
async function leave(parts: object = {}) {
  const checkpoint = {
    ...newCheckpoint(STREAM_ARN, 'duckdb:test.duckdb'),
    savedAt: NOW - 4_000,
    readUntil: NOW - 12_000,
    ...parts,
  };
  await writeFile(join(state, 'tail.json'), encodeCheckpoint(checkpoint));
}

type Scene = {
  readonly parts?: Partial<Destination>;
  readonly letters?: DeadLetterStore;
  readonly signal?: AbortSignal;
};

function stageOf({ parts = {}, letters, signal }: Scene = {}) {
  const stage = commandStage({
    ...(signal ? { clock: hurriedClock(NOW) } : { now: NOW }),
    ...(letters && { deadLetters: letters }),
    ...(signal && { signal }),
    destination: {
      sources: async () => [ORDERS],
      ledger: async () => [],
      published: async () => publishedReading('20260103t090000z0123', NOW),
      countLatest: async () => 40,
      changelogStatus: async () => ({
        rows: 120,
        recentRows: 7,
        newestChangedAt: NOW - 3 * HOUR,
        newestIngestedAt: NOW - 3 * HOUR,
        newestPosition: null,
      }),
      ...parts,
    },
  });
  const run = (options: Partial<StatusOptions> = {}, json = false) =>
    status(
      { ...INVOCATION, state, table: 'Orders', maxLag: undefined, watch: false, s3: undefined, ...options },
      stage.dependencies,
      stage.output(json),
    );
  const line = (name: string) =>
    stage.stdout.lines
      .find((text) => text.startsWith(name))
      ?.slice(name.length)
      .trim();
  return { ...stage, run, line };
}

test('status leaves the destination open until it has looked', async () => {
  const isClosedAt: boolean[] = [];
  const stage = stageOf({
    parts: {
      countLatest: async () => {
        isClosedAt.push(stage.doings.includes('close'));
        return 40;
      },
    },
  });

  await stage.run();

  expect(isClosedAt).toEqual([false]);
  expect(stage.doings.at(-1)).toBe('close');
});

describe('status of a tail', () => {
  test('that runs names its process, and how old its checkpoint is', async () => {
    await leave();
    await using _lock = await lockForProcess(join(state, 'tail.lock'), 'A tail of Orders');
    const stage = stageOf();

    expect(await stage.run()).toBe(0);

    expect(stage.line('tail ')).toBe(`running, process ${process.pid}, checkpoint 4 s ago, 0 open shards of 0`);
    expect(stage.line('lag')).toBe('12 s: the tail has read everything older');
    expect(stage.line('dead letters')).toBe(`0 in ${join(state, 'dead-letters')}`);
    expect(stage.stderr.text).toBe('');
  });

  test('that is stopped says since when, and the next command', async () => {
    await leave({ savedAt: NOW - 2 * HOUR, readUntil: NOW - 2 * HOUR });
    const stage = stageOf();

    expect(await stage.run()).toBe(0);

    expect(stage.line('tail ')).toMatch(/^stopped since 2026-01-03T10:00:00Z, checkpoint 2 h ago/);
    expect(stage.line('lag')).toBe('2 h, and growing');
    expect(stage.stderr.text).toContain('Run `tailrace tail Orders`');
  });

  test('of another destination says of which, and counts for nothing', async () => {
    await leave({ destination: 'duckdb:other.duckdb' });
    const stage = stageOf();

    expect(await stage.run()).toBe(0);

    expect(stage.line('tail ')).toBe('of another destination: duckdb:other.duckdb');
    expect(stage.line('lag')).toBe('3 h by the newest change (quiet table or stopped reader)');
    expect(stage.line('dead letters')).toMatch(/^not known from here/);
  });
});

describe('status --max-lag', () => {
  test.each<[string, number, object | null, boolean, number, RegExp]>([
    ['within it', 0, {}, true, 5 * MINUTE, /^$/],
    ['over it', 1, { readUntil: NOW - 6 * MINUTE }, true, 5 * MINUTE, /Orders is 6 min behind: over --max-lag 5 min/],
    ['not known', 1, { readUntil: null }, true, 5 * MINUTE, /is not known, so it may be over --max-lag 5 min/],
    ['of a stopped tail', 1, { readUntil: NOW - 6 * MINUTE }, false, 5 * MINUTE, /Orders is 6 min behind/],
    [
      'of a quiet table without a tail',
      1,
      null,
      false,
      5 * MINUTE,
      /3 h behind by its newest change; a quiet table looks the same/,
    ],
    ['of a fresh change without a tail', 0, null, false, 4 * HOUR, /^$/],
  ])('with a lag %s ends with %i', async (_, code, checkpoint, isRunning, maxLag, problem) => {
    if (checkpoint) await leave(checkpoint);
    await using _lock = isRunning ? await lockForProcess(join(state, 'tail.lock'), 'A tail of Orders') : null;
    const stage = stageOf();

    expect(await stage.run({ maxLag })).toBe(code);

    expect(stage.stderr.text).toMatch(problem);
  });

  test.each([
    ['5m', 0],
    ['90', 1],
    ['1h', 0],
    ['', 2],
    ['5 minutes', 2],
    ['-1s', 2],
    ['1.5h', 2],
  ])('reads %j, or refuses it', async (text, code) => {
    await leave({ readUntil: NOW - 2 * MINUTE });
    await using _lock = await lockForProcess(join(state, 'tail.lock'), 'A tail of Orders');

    const given = ['--destination', 'duckdb:test.duckdb', '--state', state, `--max-lag=${text}`];
    expect(await stageOf().tailrace('status', 'Orders', ...given)).toBe(code);
  });
});

test('status counts the dead letters of the bucket that is named', async () => {
  const letters = loudFake<DeadLetterStore>('letters', { name: 's3://my-failures', list: async () => ['a', 'b'] });
  const stage = stageOf({ letters });

  await stage.run({ s3: 's3://my-failures' });
  await stage.run({ s3: 's3://my-failures' }, true);

  expect(stage.line('dead letters')).toBe('2 in s3://my-failures');
  expect(JSON.parse(stage.stdout.lines.at(-1) ?? '')).toMatchObject({
    dead_letters: 2,
    dead_letter_places: [{ place: 's3://my-failures', count: 2 }],
  });
});

test.each(['destination-missing', 'destination-conflict', 'query-invalid'] as const)(
  'status names a ledger that is spoiled (%s), shows the rest, and ends with 1',
  async (kind) => {
    const ledger = () => Promise.reject(new TailraceError(kind, 'Injected: tailrace_snapshots has no column floor'));
    const stage = stageOf({ parts: { ledger } });

    expect(await stage.run()).toBe(1);

    expect(stage.line('items')).toBe('40');
    expect(stage.stderr.text).toContain("The ledger can't be used: Injected: tailrace_snapshots has no column floor");
  },
);

test('status --watch looks again and again until it is stopped, and passes over a destination that is busy', async () => {
  const stop = new AbortController();
  let looks = 0;
  const countLatest = async () => {
    looks++;
    if (looks === 2) throw new TailraceError('destination-busy', 'Injected: busy');
    if (looks === 4) stop.abort();
    return 40;
  };
  const stage = stageOf({ parts: { countLatest }, signal: stop.signal });

  expect(await stage.run({ watch: true })).toBe(0);

  expect(looks).toBe(4);
  expect(stage.stdout.lines.filter((line) => line.startsWith('items')).length).toBeGreaterThanOrEqual(2);
  expect(stage.stderr.text).toContain('Injected: busy. Looking again.');
});
