import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDestination } from '../../../../../src/destinations.ts';
import { TailraceError } from '../../../../../src/errors.ts';
import type { TableReader } from '../../../../../src/source/table-reader.ts';
import { docsPage } from '../../../../support/docs/page.ts';
import { backfillCommandIn } from '../../../../support/stages/backfill-command.ts';
import { tableDescription } from '../../../../support/stream/table-description.ts';

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'tailrace-backfill-'));
});
afterEach(() => rm(state, { recursive: true }));

const stageOf = backfillCommandIn(() => state);

describe('what a backfill costs', () => {
  const GB = 1_000_000_000;
  const large = { describe: async () => tableDescription({ itemCount: 1_000_000, sizeBytes: 100 * GB }) };
  const regionOf = (region: string) => ({
    describe: async () => {
      const description = tableDescription({ itemCount: 1_000_000, sizeBytes: 100 * GB });
      const arn = description.table.arn.replace(/^(arn:aws:dynamodb:)[^:]*/, `$1${region}`);
      return { ...description, table: { ...description.table, arn } };
    },
  });

  test('is reported by --dry-run, which reads and makes nothing', async () => {
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
      snapshot_bytes_billed: 0,
      snapshot_dollars: 0,
      export_dollars: expect.closeTo(27.1, 2),
      sampled_units: 0,
      prices_region: 'us-east-1',
      prices_as_of: '2026',
    });
    expect(await readdir(state)).toEqual([]);
  });

  test('in BigQuery has the statement that makes the snapshot, of what was loaded', async () => {
    const stage = stageOf([], large);

    await stage.run({ dryRun: true, destination: 'bigquery:my-project.shop' });

    expect(stage.stdout.text).toMatch(
      /^snapshot +made by one statement, which bills about 93\.1 GiB: \$0\.57 on demand$/m,
    );
  });

  test('is reported as docs/cli.md shows it', async () => {
    const { text } = await docsPage('cli.md');
    const shown: unknown = JSON.parse(/^.*"dry_run": true.*"capacity_share".*$/m.exec(text)?.[0] ?? '');
    const { describe: on } = regionOf('us-east-1');
    const shop = { describe: async () => ({ ...(await on()), sizeBytes: 450_000_000 }) };
    const stage = stageOf([], shop, undefined, {}, { isLocal: false });

    await stage.run({ table: 'orders', dryRun: true, destination: 'bigquery:my-project.shop' }, true);

    const rounded = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(7)) : value);
    expect(JSON.parse(stage.stdout.text, rounded)).toEqual(shown);
  });

  test('is not reported for a destination that the reading would refuse', async () => {
    const stage = stageOf([], large);
    stage.dependencies.openDestination = openDestination;

    await expect(stage.run({ dryRun: true, destination: 'duck:shop.duckdb' })).rejects.toMatchObject({
      kind: 'config-invalid',
    });
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

  describe('of a table whose capacity is provisioned', () => {
    const { describe: on } = regionOf('us-east-1');
    const provisioned = { describe: async () => ({ ...(await on()), readCapacity: 100 }) };
    const stage = () => stageOf([], provisioned, undefined, {}, { isLocal: false });

    test.each([
      [50, 0.5, 'up to 50 % of its read capacity meanwhile', 'about 2 d 19 h at least\n'],
      [
        500,
        1,
        'up to 100 % of its read capacity meanwhile',
        'above its capacity of 100 read units a second would be throttled',
      ],
      [undefined, 1, 'up to 100 % of its read capacity meanwhile', 'about 1 d 9 h at least\n'],
    ])('is reckoned by its capacity, at --rate %s', async (rate, share, said, takes) => {
      const { run, stdout } = stage();

      await run({ dryRun: true, rate }, true);
      await run({ dryRun: true, rate });

      const units = 12_207_031.5;
      expect(JSON.parse(stdout.lines[0] ?? '')).toMatchObject({
        capacity_share: share,
        duration_ms: Math.round((units / (100 * share)) * 1_000),
      });
      expect(stdout.text).toContain(said);
      expect(stdout.text).toContain(takes);
    });

    test('is not bounded by --max-cost, and it says so where it is refused', async () => {
      await expect(stage().run({ maxCost: 5 })).rejects.toMatchObject({
        kind: 'usage-invalid',
        message: 'Reading Orders takes about 12,207,032 read units, about $17.10.',
        remedy:
          'Give --yes to approve it, or --max-read-units: --max-cost is the price of read units, which cost nothing more here, ' +
          'so it bounds nothing; --dry-run shows the estimate.',
      });
      const asked = stageOf([], provisioned, undefined, {}, { isLocal: false, answer: false });
      await asked.run({ maxCost: 5 });
      expect(asked.doings.find((doing) => doing.startsWith('ask'))).toContain('so it bounds nothing. Go on?');
    });
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

  test('is reported in part where a price is not known, by the names of those that are not', async () => {
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

  test('is asked about where it is much: no is no, and without a terminal it is no, too', async () => {
    const more = { isLocal: false } as const;
    const unattended = stageOf([], regionOf('us-east-1'), undefined, {}, more);
    await expect(unattended.run()).rejects.toMatchObject({ kind: 'usage-invalid' });

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

  describe('where a run before has stopped', () => {
    /** 100 GB in items of which each page holds one. */
    const holding = (itemCount: number, sizeBytes = 100 * GB) => {
      let read = 0;
      return {
        describe: async () => ({ ...(await regionOf('us-east-1').describe()), itemCount, sizeBytes }),
        scan: async () => {
          const item = { id: { S: `item ${read++}` } };
          return { items: [item], lastKey: item, consumedUnits: 100 };
        },
      };
    };
    const rest = { scan: async () => ({ items: [], lastKey: null, consumedUnits: 1 }) };
    const more = { isLocal: false } as const;

    /** Reads four items, and stops before its cap. */
    async function stopAtCap(parts: Partial<TableReader>) {
      const capped = stageOf([], parts, undefined, {}, more);
      expect(await capped.run({ maxReadUnits: 500, minStreamAge: 0 })).toBe(1);
      return capped.loaded;
    }

    test('at a cap, what is left is asked about: the cap did not approve it', async () => {
      const parts = holding(8);
      const loaded = await stopAtCap(parts);

      const unattended = stageOf([], parts, undefined, {}, more);
      await expect(unattended.run()).rejects.toMatchObject({ kind: 'usage-invalid' });
      const no = stageOf([], parts, undefined, {}, { ...more, answer: false });
      expect(await no.run()).toBe(1);
      expect(no.doings.find((doing) => doing.startsWith('ask'))).toBe(
        'ask Reading what is left of Orders takes about 6,103,516 read units, about $9.31. Go on?',
      );

      const yes = stageOf([], { ...parts, ...rest }, undefined, {}, { ...more, answer: true });
      yes.loaded.push(...loaded);
      expect(await yes.run()).toBe(0);
    });

    test('without a question it resumes if little is left, or nothing, or with --yes', async () => {
      const parts = holding(8);
      for (const [reader, options] of [
        [{ ...holding(4), ...rest }, {}],
        [{ ...parts, ...rest }, { yes: true }],
        [{ ...parts, ...rest }, { maxReadUnits: 1_000 }],
      ] as const) {
        const second = stageOf([], reader, undefined, {}, more);
        second.loaded.push(...(await stopAtCap(parts)));
        expect(await second.run({ ...options, minStreamAge: 0 })).toBe(0);
      }
    });

    test('while it is asked about, no other may end what the answer is for the rest of', async () => {
      const parts = holding(8);
      await stopAtCap(parts);
      const other = stageOf([], { ...parts, ...rest }, undefined, {}, more);
      const asking = stageOf([], parts, undefined, {}, more);
      asking.dependencies.confirm = async () => {
        await expect(other.run({ yes: true })).rejects.toMatchObject({ kind: 'state-busy' });
        return false;
      };

      expect(await asking.run()).toBe(1);
    });

    test('a count that the reading has passed is no count any more', async () => {
      await stopAtCap(holding(8));

      const no = stageOf([], holding(3, 300), undefined, {}, { ...more, answer: false });

      expect(await no.run()).toBe(1);
    });

    test('what is being dropped is asked about as a whole: it starts over', async () => {
      const parts = holding(8);
      await stopAtCap(parts);
      const path = join(state, 'backfill.json');
      const checkpoint = JSON.parse(await readFile(path, 'utf8'));
      await writeFile(path, JSON.stringify({ ...checkpoint, dropping: true }));

      const no = stageOf([], parts, undefined, {}, { ...more, answer: false });

      expect(await no.run()).toBe(1);
      expect(no.doings.find((doing) => doing.startsWith('ask'))).toContain('Orders takes about 12,207,032 read units');
    });
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
    expect(stage.stderr.lines.at(-1)).toContain('a higher --max-cost resumes it');
  });

  test.each([
    [{ maxReadUnits: 177 }, '--max-read-units is 177 read units', '--max-read-units 178'],
    [{ maxCost: 0.00002 }, '--max-cost buys 160 read units', '--max-cost 0.000023'],
    [{ maxCost: 0.00002, maxReadUnits: 500 }, '--max-cost buys 160 read units', '--max-cost 0.000023'],
  ])('a cap below a page reads nothing, and says so as it was given: %j', async (caps, message, least) => {
    const scan = () => expect.unreachable();
    const stage = stageOf([], { ...regionOf('us-east-1'), scan }, undefined, {}, { isLocal: false });

    expect(await stage.run(caps)).toBe(1);
    expect(stage.stderr.text).toContain(`${message}, and a page may take 178: nothing is read. Give ${least} or more.`);
  });

  describe('of a table that DynamoDB has not counted yet', () => {
    const fresh = {
      ...regionOf('us-east-1'),
      describe: async () => tableDescription({ itemCount: 0, sizeBytes: 0 }),
    };
    /** The number of items of 4 KB in the table, which is what DynamoDB will say hours later. */
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

    test('is not shown as nothing, but as unknown', async () => {
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

  test('a sample finds nothing in an empty table, though each look costs half a unit', async () => {
    const empty = stageOf([], {
      describe: async () => tableDescription({ itemCount: 0, sizeBytes: 0 }),
      scan: async () => ({ items: [], lastKey: null, consumedUnits: 0.5 }),
    });

    await empty.run({ sample: true, dryRun: true }, true);

    expect(JSON.parse(empty.stdout.text)).toMatchObject({
      about_items: 0,
      about_bytes: 0,
      read_units: 0,
      sampled_units: 4,
    });
  });

  test('is capped also where the table is found again only once its absence was looked into', async () => {
    let scans = 0;
    const long: Partial<TableReader> = {
      scan: async () => ({ items: [], lastKey: ++scans < 1_000 ? { id: { S: `${scans}` } } : null, consumedUnits: 10 }),
    };
    await stageOf([], long).run({ maxReadUnits: 200, minStreamAge: 0 });
    const read = scans;
    let looks = 0;
    const describe = async () => {
      if (++looks === 1) throw new TailraceError('source-table-missing', 'There is no table Orders');
      return tableDescription();
    };

    expect(await stageOf([], { ...long, describe }).run({ maxReadUnits: 200, minStreamAge: 0 })).toBe(1);

    expect(scans).toBe(read);
  });
});
