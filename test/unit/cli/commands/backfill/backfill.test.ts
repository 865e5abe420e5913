import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChangelogStatus, Destination } from '../../../../../src/destination/destination.ts';
import { positionOf } from '../../../../../src/order/position.ts';
import type { TableReader } from '../../../../../src/source/table-reader.ts';
import { newCheckpoint } from '../../../../../src/stream/checkpoint.ts';
import { encodeCheckpoint } from '../../../../../src/stream/checkpoint-format.ts';
import { hurriedClock } from '../../../../support/clock/simple-clocks.ts';
import { backfillCommandIn, NOW } from '../../../../support/stages/backfill-command.ts';
import { STREAM_ARN } from '../../../../support/stream/record.ts';

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'tailrace-backfill-'));
});
afterEach(() => rm(state, { recursive: true }));

const stageOf = backfillCommandIn(() => state);

describe('backfill', () => {
  test('reads the table into a snapshot, and reports what it published', async () => {
    const stage = stageOf([{ id: { S: 'a' } }, { id: { S: 'b' } }]);

    expect(await stage.run()).toBe(0);

    expect(stage.loaded.map(({ key }) => key)).toEqual(['["a"]', '["b"]']);
    expect(stage.stdout.lines).toEqual([
      expect.stringMatching(/^2 items of Orders in \S+ \S+, 1\.5 read units\.$/),
      'Published: 20260103t100000zaaaa.',
      'Compared with the state before: 3 added, 1 removed, 2 different, 9,994 unchanged.',
    ]);
    expect(stage.doings.slice(-2)).toEqual(['close', 'disconnect']);
  });

  test('gives a script an event a line, and a closing summary', async () => {
    const stage = stageOf([{ id: { S: 'a' } }]);

    await stage.run({}, true);

    const lines = stage.stdout.lines.map((line) => JSON.parse(line));
    expect(lines.slice(0, -1).map(({ event, phase }) => [event, phase])).toEqual([
      ['progress', 'scanning'],
      ['progress', 'publishing'],
    ]);
    expect(lines.at(-1)).toEqual({
      event: 'done',
      table: 'Orders',
      destination: 'duckdb:test.duckdb',
      snapshot_id: '20260103t100000zaaaa',
      published: true,
      replaced_snapshot_id: null,
      difference: { added: 3, removed: 1, different: 2, unchanged: 9_994 },
      resumed: false,
      capped: false,
      items: 1,
      repeated: 0,
      set_aside: 0,
      dead_letters: null,
      read_units: 1.5,
      read_dollars: 0,
      duration_ms: expect.any(Number),
    });
  });

  test('exits 1 if the table gave a key more than once, and says what names it', async () => {
    const stage = stageOf([
      { id: { S: 'planted' }, n: { N: '1' } },
      { id: { S: 'planted' }, n: { N: '2' } },
    ]);

    expect(await stage.run()).toBe(1);

    expect(stage.stdout.lines.at(-1)).toContain('1 item of Orders had the key of an earlier item');
    expect(stage.stdout.lines.at(-1)).toContain('Which: `tailrace verify Orders`.');
    expect(stage.stdout.text + stage.stderr.text).not.toContain('planted');
  });

  test('exits 1 if an item was set aside, and says where it is, without its values', async () => {
    const stage = stageOf([{ id: { S: 'a' }, note: { S: 'planted \ud800' } }, { id: { S: 'b' } }]);

    expect(await stage.run()).toBe(1);

    expect(stage.stdout.lines.at(-1)).toBe(`1 set aside, missing from the latest view: ${join(state, 'dead-letters')}`);
    expect(await readdir(join(state, 'dead-letters'))).toHaveLength(1);
    expect(stage.stdout.text + stage.stderr.text).not.toContain('planted');
  });

  test.each([
    ['behind --no-publish', { publish: false }],
    ['at its cap', { maxReadUnits: 200 }],
  ])('%s an item that was set aside is missing from the snapshot: no view was touched', async (_, options) => {
    const page = { items: [{ id: { S: 'a' }, note: { S: '\ud800' } }], consumedUnits: 100 };
    const scan: TableReader['scan'] = async ({ startKey }) => ({
      ...page,
      lastKey: startKey === null ? { id: { S: 'a' } } : null,
    });

    const stage = stageOf([], { scan });
    await stage.run(options);

    expect(stage.stdout.lines.at(-1)).toMatch(/^[12] set aside, missing from the snapshot: /);
  });

  test.each([
    ['is waited for as long as asked', 90, [90_000]],
    ['is not waited for on a loopback endpoint', undefined, []],
  ])('a young stream %s', async (_, minStreamAge, waits) => {
    const stage = stageOf([]);

    await stage.run({ minStreamAge });

    expect(stage.waits.filter((ms) => ms >= 60_000)).toEqual(waits);
  });

  test('says that it waits for a young stream', async () => {
    const stage = stageOf([]);

    await stage.run({ minStreamAge: 90 });

    expect(stage.stderr.lines[0]).toBe(
      'The stream of Orders is young: waiting 1 min 30 s until it surely records every change.',
    );
  });

  test('stopped, it names the checkpoint and how to resume, and the next run does', async () => {
    const stopping = new AbortController();
    const pages = [
      { items: [{ id: { S: 'a' } }], lastKey: { id: { S: 'a' } }, consumedUnits: 1 },
      { items: [{ id: { S: 'b' } }], lastKey: null, consumedUnits: 1 },
    ];
    const scan: TableReader['scan'] = async ({ startKey }) => {
      if (startKey === null) stopping.abort();
      return pages[startKey === null ? 0 : 1] ?? expect.unreachable();
    };
    const first = stageOf([], { scan }, stopping.signal);

    await expect(first.run()).rejects.toMatchObject({ kind: 'interrupted' });

    expect(first.stderr.lines.at(-1)).toBe(
      `What was read is saved (${join(state, 'backfill.json')}): the same command resumes it; --restart starts over.`,
    );
    expect((await readdir(state)).sort()).toEqual(['backfill.json']);

    const second = stageOf([], { scan });
    second.loaded.push(...first.loaded);
    expect(await second.run({ segments: undefined })).toBe(0);
    expect(second.stderr.text).toContain('Resuming the backfill of Orders after 1 item.');
    expect(second.loaded.map(({ key }) => key)).toEqual(['["a"]', '["b"]']);
    expect(await readdir(state)).toEqual([]);
  });

  describe('resumed more than a day later', () => {
    const HOUR = 3_600_000;
    const LABEL = '2026-01-02T03:04:05.678';
    const later = NOW + 30 * HOUR;

    /** Stopped at `NOW`; what says `at` is the changelog's newest change then. */
    async function goOn(
      newest: Partial<ChangelogStatus>,
      options: { now?: number; tailAt?: number; tailArn?: string } = {},
    ) {
      const stopping = new AbortController();
      const scan: TableReader['scan'] = async ({ startKey }) => {
        if (startKey === null) stopping.abort();
        return { items: [], lastKey: startKey === null ? { id: { S: 'a' } } : null, consumedUnits: 1 };
      };
      await expect(stageOf([], { scan }, stopping.signal).run()).rejects.toMatchObject({ kind: 'interrupted' });
      if (options.tailAt !== undefined) {
        const tail = newCheckpoint(options.tailArn ?? STREAM_ARN, 'duckdb:test.duckdb');
        tail.describedAt = options.tailAt;
        await writeFile(join(state, 'tail.json'), encodeCheckpoint(tail));
      }
      const nothing = { rows: 0, recentRows: 0, newestChangedAt: null, newestIngestedAt: null, newestPosition: null };
      const changelogStatus: Destination['changelogStatus'] = async (_table, since) => {
        expect(since).toBe((options.now ?? later) - 26 * HOUR);
        return { ...nothing, ...newest };
      };
      const clock = hurriedClock(options.now ?? later);
      const second = stageOf([], { scan }, undefined, { changelogStatus }, { clock });
      expect(await second.run({ segments: undefined })).toBe(0);
      return second.stderr.text;
    }

    test.each<[string, Partial<ChangelogStatus>, { tailAt?: number; tailArn?: string }?]>([
      ['the changelog is empty', {}],
      ['its newest change is older', { newestChangedAt: later - 25 * HOUR, newestPosition: positionOf(LABEL, '7') }],
      ['its newest change is of another stream', { newestChangedAt: later, newestPosition: positionOf('2025', '7') }],
      ['the tail was here long ago', {}, { tailAt: later - 25 * HOUR }],
      ['the tail follows another stream', {}, { tailAt: later, tailArn: `${STREAM_ARN}9` }],
    ])('it warns that changes may be lost to it: %s', async (_, newest, options) => {
      const said = await goOn(newest, options);

      expect(said).toContain('This backfill of Orders began at 2026-01-03T10:00:00Z');
      expect(said).toContain('start over with `tailrace backfill Orders --restart`');
    });

    test.each<[string, Partial<ChangelogStatus>, { tailAt?: number; now?: number }?]>([
      [
        'a change of the last day was carried',
        { newestChangedAt: later - 23 * HOUR, newestPosition: positionOf(LABEL, '7') },
      ],
      ['the tail was here within a day', {}, { tailAt: later - 23 * HOUR }],
      ['it is not a day yet', {}, { now: NOW + 23 * HOUR }],
    ])('it does not where %s', async (_, newest, options) => {
      expect(await goOn(newest, options)).not.toContain('began at');
    });
  });

  test('two of one table at once: the second is refused by name, with the process that reads', async () => {
    const going = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    const first = stageOf([], {
      async scan() {
        began.resolve();
        await going.promise;
        return { items: [], lastKey: null, consumedUnits: 0 };
      },
    });
    const running = first.run();
    await began.promise;

    await expect(stageOf([]).run()).rejects.toMatchObject({
      kind: 'state-busy',
      message: `A backfill of Orders is running: process ${process.pid}`,
    });

    going.resolve();
    expect(await running).toBe(0);
    expect(await stageOf([]).run()).toBe(0);
  });

  test('stops before its cap with exit code 1, and reports how to resume', async () => {
    const scan: TableReader['scan'] = async () => ({
      items: [{ id: { S: 'a' } }],
      lastKey: { id: { S: 'a' } },
      consumedUnits: 100,
    });
    const stage = stageOf([], { scan });

    expect(await stage.run({ maxReadUnits: 500 })).toBe(1);

    expect(stage.stdout.lines).toEqual([
      expect.stringMatching(/^4 items of Orders in \S+ \S+, 400 read units\.$/),
      'Stopped: a page takes up to 178 read units, and the next one could pass the cap of 500.',
    ]);
    expect(stage.stderr.lines.at(-1)).toContain('a higher --max-read-units resumes it');
  });

  test('--no-publish leaves the view as it is, and says how to publish', async () => {
    const stage = stageOf([{ id: { S: 'a' } }], {}, undefined, { publish: () => expect.unreachable() });

    expect(await stage.run({ publish: false })).toBe(0);

    expect(stage.stdout.lines.at(-1)).toBe(
      'Not published: 20260103t100000zaaaa. Publish it: `tailrace snapshots publish Orders 20260103t100000zaaaa`.',
    );
  });

  test('interrupted, it is refused by name and prints no result', async () => {
    const stage = stageOf([], {}, AbortSignal.abort());

    await expect(stage.run()).rejects.toMatchObject({ kind: 'interrupted' });

    expect(stage.stdout.text).toBe('');
    expect(stage.doings.slice(-2)).toEqual(['close', 'disconnect']);
  });
});
