import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BackfillOptions, backfill } from '../../../../cli/commands/backfill.ts';
import type { ChangelogStatus, Destination } from '../../../../src/destination/destination.ts';
import { rowsOf } from '../../../../src/destination/row-file.ts';
import { positionOf } from '../../../../src/order/position.ts';
import type { SnapshotRow } from '../../../../src/snapshot/row.ts';
import type { TableReader } from '../../../../src/source/table-reader.ts';
import { newCheckpoint } from '../../../../src/stream/checkpoint.ts';
import { encodeCheckpoint } from '../../../../src/stream/checkpoint-format.ts';
import type { AttributeMap } from '../../../../src/value/attribute-value.ts';
import { commandStage, INVOCATION, type Props } from '../../../support/command-stage.ts';
import { hurriedClock } from '../../../support/hurried-clock.ts';
import { oneShardStream } from '../../../support/one-shard-stream.ts';
import { STREAM_ARN } from '../../../support/stream-record.ts';
import { tableDescription } from '../../../support/table-description.ts';

const NOW = Date.UTC(2026, 0, 3, 10);

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'tailrace-backfill-'));
});
afterEach(() => rm(state, { recursive: true }));

function stageOf(
  items: readonly AttributeMap[],
  parts: Partial<TableReader> = {},
  signal?: AbortSignal,
  more: Partial<Destination> = {},
  props: Props = {},
) {
  const loaded: SnapshotRow[] = [];
  const waits: number[] = [];
  const clock = hurriedClock(NOW);
  const destination: Partial<Destination> = {
    prepare: async () => ({ created: [] }),
    published: async () => ({ snapshotId: null, floor: null, streamLabel: null, generation: 1 }),
    ledger: async () => [],
    createSnapshot: async () => {},
    loadSnapshot: async (_table, _id, _chunk, rows) => void loaded.push(...rowsOf(rows)),
    maxLoadCharacters: 8 * 1024 * 1024,
    countSnapshot: async () => ({ rows: loaded.length, keys: loaded.length }),
    compareStates: async () => ({ added: 3, removed: 1, different: 2, unchanged: 9_994 }),
    publish: async () => {},
    dropSnapshot: async () => {},
    record: async () => {},
    ...more,
  };
  const stage = commandStage({
    clock: {
      now: clock.now,
      async sleep(ms, stop) {
        waits.push(ms);
        await clock.sleep(ms, stop);
      },
    },
    tables: {
      describe: async () => tableDescription(),
      scan: async () => ({ items, lastKey: null, consumedUnits: 1.5 }),
      serverTime: async () => NOW,
      ...parts,
    },
    // Switched on this very moment.
    streams: { describe: async () => ({ ...(await stream.describe(STREAM_ARN)), createdAt: NOW }) },
    destination,
    ...(signal && { signal }),
    ...props,
  });
  const run = (options: Partial<BackfillOptions> = {}, json = false) =>
    backfill(
      { ...INVOCATION, state, table: 'Orders', ...DEFAULTS, ...options },
      stage.dependencies,
      stage.output(json),
    );
  return { ...stage, loaded, waits, run };
}

const DEFAULTS = {
  segments: 1,
  minStreamAge: undefined,
  maxReadUnits: undefined,
  rate: undefined,
  maxCost: undefined,
  prices: undefined,
  dryRun: false,
  sample: false,
  yes: false,
  restart: false,
  publish: true,
};

const stream = oneShardStream(STREAM_ARN, [], { closed: false });

describe('backfill', () => {
  test('reads the table into a snapshot, and tells what it published', async () => {
    const stage = stageOf([{ id: { S: 'a' } }, { id: { S: 'b' } }]);

    expect(await stage.run()).toBe(0);

    expect(stage.loaded.map(({ key }) => key)).toEqual(['["a"]', '["b"]']);
    expect(stage.stdout.lines).toEqual([
      expect.stringMatching(/^2 items of Orders in \S+ \S+, 2 read units\.$/),
      'Published: 20260103t100000zaaaa.',
      'Changed against the state before: 3 added, 1 removed, 2 different, 9,994 as they were.',
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
      set_aside: 0,
      dead_letters: null,
      read_units: 1.5,
      read_dollars: 0,
      duration_ms: expect.any(Number),
    });
  });

  test('exits 1 if an item was set aside, and says where it is, without its values', async () => {
    const stage = stageOf([{ id: { S: 'a' }, note: { S: 'planted \ud800' } }, { id: { S: 'b' } }]);

    expect(await stage.run()).toBe(1);

    expect(stage.stdout.lines.at(-1)).toBe(`1 set aside, missing from the latest view: ${join(state, 'dead-letters')}`);
    expect(await readdir(join(state, 'dead-letters'))).toHaveLength(1);
    expect(stage.stdout.text + stage.stderr.text).not.toContain('planted');
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
      'The stream of Orders is young: waiting 1 min 30 s until it surely keeps every change.',
    );
  });

  test('stopped, it says where what was read is kept and how to go on, and the next run does', async () => {
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
      `What was read is kept (${join(state, 'backfill.json')}): the same command goes on there; with --restart it begins anew.`,
    );
    expect((await readdir(state)).sort()).toEqual(['backfill.json']);

    const second = stageOf([], { scan });
    second.loaded.push(...first.loaded);
    expect(await second.run({ segments: undefined })).toBe(0);
    expect(second.stderr.text).toContain('Going on where the backfill of Orders was stopped, behind 1 item.');
    expect(second.loaded.map(({ key }) => key)).toEqual(['["a"]', '["b"]']);
    expect(await readdir(state)).toEqual([]);
  });

  describe('gone on with more than a day later', () => {
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
      const nothing = { rows: 0, newestChangedAt: null, newestIngestedAt: null, newestPosition: null };
      const changelogStatus = async () => ({ ...nothing, ...newest });
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

      expect(said).toContain('This backfill of Orders was begun at 2026-01-03T10:00:00Z');
      expect(said).toContain('begin anew with `tailrace backfill --restart`');
    });

    test.each<[string, Partial<ChangelogStatus>, { tailAt?: number; now?: number }?]>([
      [
        'a change of the last day was carried',
        { newestChangedAt: later - 23 * HOUR, newestPosition: positionOf(LABEL, '7') },
      ],
      ['the tail was here within a day', {}, { tailAt: later - 23 * HOUR }],
      ['it is not a day yet', {}, { now: NOW + 23 * HOUR }],
    ])('it does not where %s', async (_, newest, options) => {
      expect(await goOn(newest, options)).not.toContain('was begun at');
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

  describe('what it costs', () => {
    const GB = 1_000_000_000;
    const large = { describe: async () => tableDescription({ itemCount: 1_000_000, sizeBytes: 100 * GB }) };
    const regionOf = (region: string) => ({
      describe: async () => {
        const description = tableDescription({ itemCount: 1_000_000, sizeBytes: 100 * GB });
        const arn = description.table.arn.replace(/^(arn:aws:dynamodb:)[^:]*/, `$1${region}`);
        return { ...description, table: { ...description.table, arn } };
      },
    });

    test('is told by --dry-run, which reads and opens nothing', async () => {
      const scan = () => expect.unreachable();
      const stage = stageOf([], { ...regionOf('us-east-1'), scan }, undefined, {}, { isLocal: false });

      expect(await stage.run({ dryRun: true, rate: 1_000 }, true)).toBe(0);

      expect(JSON.parse(stage.stdout.text)).toEqual({
        table: 'Orders',
        dry_run: true,
        about_items: 1_000_000,
        about_bytes: 100 * GB,
        read_units: 12_207_031.5,
        read_dollars: expect.closeTo(1.526, 2),
        capacity_share: null,
        transfer_bytes: 190 * GB,
        transfer_dollars: expect.closeTo(17.1, 2),
        duration_ms: 12_207_032,
        destination_bytes: 100 * GB,
        export_dollars: expect.closeTo(27.1, 2),
        sampled_units: 0,
        prices_region: 'us-east-1',
        prices_as_of: '2026',
      });
      expect(stage.doings.some((doing) => doing.startsWith('open'))).toBe(false);
      expect(await readdir(state)).toEqual([]);
    });

    test('is nothing on a local server, and for capacity that is paid for', async () => {
      const local = stageOf([], large);
      await local.run({ dryRun: true }, true);
      expect(JSON.parse(local.stdout.text)).toMatchObject({ read_dollars: 0, transfer_dollars: 0 });

      const { describe: on } = regionOf('us-east-1');
      const provisioned = { describe: async () => ({ ...(await on()), readCapacity: 500 }) };
      const stage = stageOf([], provisioned, undefined, {}, { isLocal: false });
      await stage.run({ dryRun: true, rate: 125 }, true);
      expect(JSON.parse(stage.stdout.text)).toMatchObject({ read_dollars: 0, capacity_share: 0.25 });
    });

    test('is not guessed where prices are not known, and is reckoned by those that are given', async () => {
      const stage = stageOf(
        [],
        regionOf('il-central-1'),
        undefined,
        {},
        {
          isLocal: false,
          files: { 'prices.json': '{"read_units_per_million": 2, "export_per_gb": 3, "transfer_out_per_gb": 0}' },
        },
      );

      await stage.run({ dryRun: true }, true);
      await stage.run({ dryRun: true, prices: 'prices.json' }, true);

      const [unknown, given] = stage.stdout.lines.map((line) => JSON.parse(line));
      expect(unknown).toMatchObject({ read_dollars: null, export_dollars: null, prices_as_of: null });
      expect(given).toMatchObject({ read_dollars: expect.closeTo(24.41, 1), export_dollars: 300 });
      await expect(stage.run({ maxCost: 5 })).rejects.toMatchObject({ kind: 'usage-invalid' });
    });

    test('is told in part where a price is not known, by the names of those that are not', async () => {
      const stage = stageOf([], regionOf('eu-central-1'), undefined, {}, { isLocal: false });

      await stage.run({ dryRun: true }, true);
      await stage.run({ dryRun: true });

      expect(JSON.parse(stage.stdout.lines[0] ?? '')).toMatchObject({
        read_dollars: expect.closeTo(1.86, 2),
        transfer_dollars: expect.closeTo(17.1, 2),
        export_dollars: null,
        prices_region: 'eu-central-1',
      });
      expect(stage.stdout.text).toMatch(
        /prices +of eu-central-1 as of 2026-07-20, https:\S+; not known: an export to S3; --prices gives them/,
      );
      expect(await stage.run({ maxCost: 0.0001, minStreamAge: 0 })).toBe(0);
    });

    test('is no cap where the price of reading is not known, and names the region', async () => {
      const stage = stageOf([], regionOf('af-south-1'), undefined, {}, { isLocal: false });

      await stage.run({ dryRun: true });
      expect(stage.stdout.text).toMatch(/not known: reading, an export to S3; --prices/);
      await expect(stage.run()).rejects.toMatchObject({
        message: expect.stringContaining('at a price that is not known, and about $29.26 for what leaves AWS'),
      });
      await expect(stage.run({ maxCost: 5 })).rejects.toMatchObject({
        kind: 'usage-invalid',
        message: "What a read unit of Orders costs in af-south-1 isn't known",
      });
    });

    test('is of the Standard table class alone, but for what leaves AWS', async () => {
      const { describe: on } = regionOf('us-east-1');
      const rare = { describe: async () => ({ ...(await on()), isInfrequentAccess: true }) };
      const stage = stageOf([], rare, undefined, {}, { isLocal: false });

      await stage.run({ dryRun: true }, true);

      expect(JSON.parse(stage.stdout.text)).toMatchObject({
        read_dollars: null,
        export_dollars: null,
        transfer_dollars: expect.closeTo(17.1, 2),
      });
    });

    test('is asked about where it is much: no is no, and nobody there is no too', async () => {
      const more = { isLocal: false } as const;
      const nobody = stageOf([], regionOf('us-east-1'), undefined, {}, more);
      await expect(nobody.run()).rejects.toMatchObject({ kind: 'usage-invalid' });

      const no = stageOf([], regionOf('us-east-1'), undefined, {}, { ...more, answer: false });
      expect(await no.run()).toBe(1);
      expect(no.doings.find((doing) => doing.startsWith('ask'))).toMatch(
        /^ask Reading Orders takes about 12,207,032 read units, about \$18\.63\. Go on\?$/,
      );
      expect(no.loaded).toEqual([]);
      expect(no.stderr.text).toBe('Nothing was read.\n');

      const asked = stageOf([], regionOf('us-east-1'), undefined, {}, { ...more, answer: true });
      expect(await asked.run({ minStreamAge: 0 })).toBe(0);
      const told = stageOf([], regionOf('us-east-1'), undefined, {}, more);
      expect(await told.run({ yes: true, minStreamAge: 0 })).toBe(0);
      expect(told.doings.some((doing) => doing.startsWith('ask'))).toBe(false);
    });

    test('--max-cost is a cap on the read units that it buys', async () => {
      const scan: TableReader['scan'] = async () => ({ items: [], lastKey: { id: { S: 'a' } }, consumedUnits: 100 });
      const stage = stageOf([], { ...regionOf('us-east-1'), scan }, undefined, {}, { isLocal: false });

      expect(await stage.run({ maxCost: 0.0001, minStreamAge: 0 }, true)).toBe(1);

      expect(JSON.parse(stage.stdout.lines.at(-1) ?? '')).toMatchObject({
        capped: true,
        read_units: 700,
        read_dollars: expect.closeTo(0.0000875, 9),
        published: false,
      });
    });

    describe('of a table that DynamoDB has not counted yet', () => {
      const fresh = {
        ...regionOf('us-east-1'),
        describe: async () => tableDescription({ itemCount: 0, sizeBytes: 0 }),
      };
      /** The table has about so many items of 4 KB, which is what DynamoDB will say hours later. */
      const holding = (items: number): Partial<TableReader> => ({
        ...fresh,
        async scan({ totalSegments }) {
          const count = Math.min(250, Math.round(items / totalSegments));
          const isWhole = items / totalSegments <= 250;
          return {
            items: Array.from({ length: count }, (_, id) => ({ id: { N: `${id}` } })),
            lastKey: isWhole ? null : { id: { N: '249' } },
            consumedUnits: count / 2,
          };
        },
      });

      test('is not said to be nothing, but to be unknown', async () => {
        const stage = stageOf([], { ...fresh, scan: () => expect.unreachable() }, undefined, {}, { isLocal: false });

        await stage.run({ dryRun: true }, true);
        await stage.run({ dryRun: true });

        const unknown = { about_items: null, about_bytes: null, read_units: null, read_dollars: null };
        expect(JSON.parse(stage.stdout.lines[0] ?? '')).toMatchObject({ ...unknown, transfer_dollars: null });
        expect(stage.stdout.text).toMatch(/has not counted it yet.*\n.*--sample reads a little/);
        expect(stage.stdout.text).not.toContain('$0');
      });

      test('is found out by a sample, however large it is, and asked about where it is much', async () => {
        const no = stageOf([], holding(50_000_000), undefined, {}, { isLocal: false, answer: false });

        expect(await no.run({ minStreamAge: 0 })).toBe(1);

        expect(no.doings.find((doing) => doing.startsWith('ask'))).toMatch(/takes about 25,\d{3},\d{3} read units/);
        expect(no.loaded).toEqual([]);
      });

      test('is asked about where a sample can not tell, since few partition keys hold all of it', async () => {
        const clumped: Partial<TableReader> = {
          ...fresh,
          scan: async ({ segment, totalSegments }) => ({
            items: totalSegments === 8 && segment < 3 ? Array(250).fill({ id: { S: 'a' } }) : [],
            lastKey: totalSegments === 8 && segment < 3 ? { id: { S: 'a' } } : null,
            consumedUnits: totalSegments === 8 && segment < 3 ? 128 : 0,
          }),
        };
        const no = stageOf([], clumped, undefined, {}, { isLocal: false, answer: false });

        await no.run({ dryRun: true, sample: true });
        expect(await no.run({ minStreamAge: 0 })).toBe(1);

        expect(no.stdout.text).toMatch(/reading +at least 384 read units, .*few partition keys/);
        expect(no.doings.find((doing) => doing.startsWith('ask'))).toMatch(/not counted Orders yet: .* 384 read units/);
      });

      test('is not asked about where the sample finds little, nor sampled behind a cap', async () => {
        const little = stageOf([], holding(200), undefined, {}, { isLocal: false });
        expect(await little.run({ minStreamAge: 0 })).toBe(0);
        expect(little.loaded.length).toBeGreaterThan(0);

        let scans = 0;
        const counting: Partial<TableReader> = {
          ...fresh,
          scan: async () => ({ items: [], lastKey: null, consumedUnits: ++scans }),
        };
        await stageOf([], counting, undefined, {}, { isLocal: false }).run({ maxReadUnits: 1_000, minStreamAge: 0 });
        expect(scans).toBe(1);
      });

      test('is sampled by a dry run on a local server, where it costs nothing', async () => {
        const stage = stageOf([], holding(2_000));

        await stage.run({ dryRun: true }, true);

        expect(JSON.parse(stage.stdout.text)).toMatchObject({
          about_items: 2_000,
          read_dollars: 0,
          sampled_units: 1_000,
        });
      });
    });

    test('a sample is for a dry run alone, and reckons the table by what it read: a small one whole', async () => {
      const page = { items: Array.from({ length: 10 }, (_, id) => ({ id: { S: `${id}` } })), consumedUnits: 5 };
      const small = stageOf([], { scan: async () => ({ ...page, lastKey: null }) });
      const large = stageOf([], {
        scan: async ({ totalSegments }) => ({ ...page, lastKey: totalSegments < 1_000 ? { id: { S: '9' } } : null }),
      });

      await expect(small.run({ sample: true })).rejects.toMatchObject({ kind: 'usage-invalid' });
      await small.run({ sample: true, dryRun: true }, true);
      await large.run({ sample: true, dryRun: true }, true);

      expect(JSON.parse(small.stdout.text)).toMatchObject({ about_items: 80, about_bytes: 327_680, sampled_units: 40 });
      expect(JSON.parse(large.stdout.text)).toMatchObject({
        about_items: 10_000,
        about_bytes: 40_960_000,
        sampled_units: 80,
      });
    });
  });

  test('stops before its cap with exit code 1, and says how to go on', async () => {
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
    expect(stage.stderr.lines.at(-1)).toContain('the same command goes on there');
  });

  test('--no-publish leaves the view as it is, and says how to publish', async () => {
    const stage = stageOf([{ id: { S: 'a' } }], {}, undefined, { publish: () => expect.unreachable() });

    expect(await stage.run({ publish: false })).toBe(0);

    expect(stage.stdout.lines.at(-1)).toBe(
      'Not published: 20260103t100000zaaaa. Publish it: tailrace snapshots publish Orders 20260103t100000zaaaa',
    );
  });

  test('interrupted, it is refused by name and prints no result', async () => {
    const stage = stageOf([], {}, AbortSignal.abort());

    await expect(stage.run()).rejects.toMatchObject({ kind: 'interrupted' });

    expect(stage.stdout.text).toBe('');
    expect(stage.doings.slice(-2)).toEqual(['close', 'disconnect']);
  });
});
