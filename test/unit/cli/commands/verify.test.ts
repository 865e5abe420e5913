import { describe, expect, test } from 'vitest';
import { verify } from '../../../../cli/commands/verify/verify.ts';
import type { Destination, LatestRow } from '../../../../src/destination/destination.ts';
import { TailraceError } from '../../../../src/errors.ts';
import { unpublished } from '../../../../src/snapshot/published.ts';
import type { TableReader } from '../../../../src/source/table-reader.ts';
import type { AttributeMap } from '../../../../src/value/attribute-value.ts';
import { canonicalJson } from '../../../../src/value/canonical-json.ts';
import { digestOf } from '../../../../src/value/digest.ts';
import { hurriedClock } from '../../../support/clock/simple-clocks.ts';
import { MemoryComparison } from '../../../support/memory/comparison.ts';
import { commandStage, INVOCATION } from '../../../support/stages/command-stage.ts';
import { tableDescription } from '../../../support/stream/table-description.ts';
import { publishedReading } from '../../../support/values/published.ts';
import { temporaryFolder } from '../../../support/vitest/temporary-folder.ts';

const OPTIONS = {
  ...INVOCATION,
  table: 'Orders',
  segments: 1,
  maxLag: 1,
  maxReadUnits: undefined,
  rate: undefined,
  maxFindings: 1_000,
  whole: 0,
  sample: undefined,
  repair: false,
};

const item = (id: string, n: string): AttributeMap => ({ id: { S: id }, n: { N: n } });

/** A row of the latest view that holds an item. */
function rowOf(value: AttributeMap): LatestRow {
  const text = canonicalJson(value, 'Item');
  return { key: JSON.stringify([value['id']?.['S']]), digest: digestOf(text), item: text };
}

/** A table that holds some items, and a latest view that holds some rows. */
function stageOf(
  items: readonly AttributeMap[],
  view: readonly AttributeMap[],
  parts: Partial<TableReader> = {},
  stored: Partial<Destination> = {},
) {
  const rows = new Map(view.map(rowOf).map((row) => [row.key, row]));
  return commandStage({
    clock: hurriedClock(0),
    tables: {
      describe: async () => tableDescription(),
      // Each item lies in one segment alone.
      scan: async ({ segment, totalSegments }) => ({
        items: totalSegments > 1 && segment > 0 ? [] : items,
        lastKey: null,
        consumedUnits: 2,
      }),
      get: async ({ keys }) => {
        const wanted = new Set(keys.map(({ id }) => JSON.stringify(id)));
        const found = items.filter(({ id }) => wanted.has(JSON.stringify(id)));
        return { items: found, unprocessed: [], consumedUnits: keys.length };
      },
      ...parts,
    },
    destination: {
      sources: async () => [tableDescription().table],
      published: async () => unpublished(1),
      compare: async () => new MemoryComparison(rows),
      countLatest: async () => rows.size,
      sampleLatest: async () => [...rows.values()],
      lookup: async (_table, keys) =>
        new Map(keys.flatMap((key) => [rows.get(key)].flatMap((row) => (row ? [[key, row] as const] : [])))),
      ...stored,
    },
  });
}

describe('verify', () => {
  test('exits 1 if the table gives a key more than once, and names it on stdout alone', async () => {
    const stage = stageOf([item('a', '1'), item('a', '1')], [item('a', '1')]);

    expect(await verify(OPTIONS, stage.dependencies, stage.output())).toBe(1);

    expect(stage.stdout.lines[0]).toBe('repeated   ["a"]');
    expect(stage.stdout.text).toContain('They differ: 1 item in Orders');
    expect(stage.stdout.text).toContain('0 different, 1 repeated');
    expect(stage.stderr.text).toContain('1 item of Orders had the key of an earlier item');
    expect(stage.stderr.text).not.toContain('"a"');
  });

  test('ends with 0 where both sides agree', async () => {
    const stage = stageOf([item('a', '1')], [item('a', '1.0')]);

    expect(await verify(OPTIONS, stage.dependencies, stage.output())).toBe(0);

    expect(stage.stdout.lines).toEqual([
      expect.stringMatching(
        /^They agree: 1 item in Orders, 1 row in the latest view; 0 missing, 0 extra, 0 different; 0 items compared whole; 2 read units; /,
      ),
    ]);
    expect(stage.stderr.text).toBe('');
  });

  test('ends with 1 where they differ, a finding and its key a line', async () => {
    const stage = stageOf([item('a', '1'), item('b', '1')], [item('b', '2'), item('c', '3')]);

    expect(await verify(OPTIONS, stage.dependencies, stage.output())).toBe(1);

    expect(stage.stdout.lines.slice(0, -1)).toEqual(['missing    ["a"]', 'different  ["b"]', 'extra      ["c"]']);
    expect(stage.stdout.lines.at(-1)).toMatch(/^They differ: .* 1 missing, 1 extra, 1 different;/);
    expect(stage.stderr.lines.at(-1)).toMatch(
      /^No snapshot of Orders is published.* Next: `tailrace backfill Orders`\.$/,
    );
  });

  const PUBLISHED = {
    published: async () => publishedReading('20260103t090000z0123', 0),
  };

  test.for<[string, object, RegExp]>([
    [
      'the repair, within the bounds that were given, and the search for lost changes',
      { maxReadUnits: 5_000, rate: 100 },
      /^Next: `tailrace verify Orders --max-lag 1 --max-read-units 5000 --rate 100 --repair` .*`tailrace gaps Orders --fill`/,
    ],
    [
      'the whole comparison, after a sample',
      { sample: 100 },
      /^Next: `tailrace verify Orders --max-lag 1` compares everything\.$/,
    ],
  ])('that differs names the next command: %s', async ([, options, next]) => {
    const stage = stageOf([item('a', '1')], [item('a', '2')], {}, PUBLISHED);

    expect(await verify({ ...OPTIONS, segments: undefined, ...options }, stage.dependencies, stage.output())).toBe(1);

    expect(stage.stderr.lines.at(-1)).toMatch(next);
  });

  test('gives a script an object a finding, and one that sums up', async () => {
    const stage = stageOf([item('a', '1')], []);

    await verify(OPTIONS, stage.dependencies, stage.output(true));

    expect(stage.stdout.lines.map((line) => JSON.parse(line))).toEqual([
      { finding: 'missing', key: '["a"]' },
      {
        agree: false,
        verdict: 'differ',
        table: 'Orders',
        items: 1,
        rows: 0,
        missing: 1,
        extra: 0,
        different: 0,
        repeated: 0,
        unlisted: 0,
        changing: 0,
        unsettled: 0,
        unexamined: 0,
        compared_whole: 0,
        capped: false,
        read_units: expect.any(Number),
        duration_ms: expect.any(Number),
      },
    ]);
  });

  test('names an item that can not be carried at all, with the place and without the value', async () => {
    const stage = stageOf([{ id: { S: 'a' }, note: { S: 'planted \ud800' } }], []);

    expect(await verify(OPTIONS, stage.dependencies, stage.output(true))).toBe(1);

    expect(JSON.parse(stage.stdout.lines[0] ?? '')).toEqual({
      finding: 'missing',
      key: '["a"]',
      reason: expect.stringContaining('note'),
    });
    expect(stage.stdout.text + stage.stderr.text).not.toContain('planted');
  });

  test('ends with 2, and says why, where it could not be found out', async () => {
    let version = 0;
    const restless = async () => ({ items: [item('a', String(++version))], unprocessed: [], consumedUnits: 1 });
    const stage = stageOf([item('a', '1')], [], { get: restless });

    expect(await verify({ ...OPTIONS, maxLag: 60 }, stage.dependencies, stage.output())).toBe(2);

    expect(stage.stderr.text).toContain('1 key of Orders stayed unsettled');
  });

  test('reports how many keys the latest view followed all the time, which is no difference', async () => {
    let version = 0;
    const stage = stageOf([item('a', '1')], [item('a', '0')], {
      get: async () => ({ items: [item('a', String(++version))], unprocessed: [], consumedUnits: 1 }),
    });
    const { dependencies } = stage;
    const open = dependencies.openDestination;
    dependencies.openDestination = async (name) =>
      Object.assign(await open(name), {
        lookup: async () => new Map([['["a"]', rowOf(item('a', String(-++version)))]]),
      });

    expect(await verify({ ...OPTIONS, maxLag: 60 }, dependencies, stage.output())).toBe(0);

    expect(stage.stdout.lines).toEqual([expect.stringMatching(/^They agree/)]);
    expect(stage.stderr.text).toContain('1 key of Orders changed all the time, and the latest view followed');
    expect(stage.stderr.text).not.toContain('rechecking 0 keys');
  });

  test('reports where the read cap stopped it, and ends with 1', async () => {
    const page = { items: [item('a', '1')], lastKey: { id: { S: 'a' } }, consumedUnits: 100 };
    const stage = stageOf([item('a', '1')], [item('a', '1')], { scan: async () => page });

    expect(await verify({ ...OPTIONS, maxReadUnits: 198 }, stage.dependencies, stage.output())).toBe(1);

    expect(stage.stdout.lines).toEqual([expect.stringMatching(/^Stopped at the cap, nothing found so far: 1 item /)]);
    expect(stage.stderr.text).toContain('the items that were not read are not compared');
  });

  test('says of a cap that leaves no room for a single page what it takes', async () => {
    const stage = stageOf([item('a', '1')], [item('a', '1')], { scan: () => expect.unreachable() });

    expect(await verify({ ...OPTIONS, maxReadUnits: 197 }, stage.dependencies, stage.output())).toBe(1);

    expect(stage.stderr.text).toContain('No page of a scan may be read within --max-read-units 197: give 198 or more');
  });

  test('reports that more may differ where the findings were enough', async () => {
    const items = ['a', 'b', 'c'].map((id) => item(id, '1'));
    const stage = stageOf(items, []);

    expect(await verify({ ...OPTIONS, maxFindings: 2 }, stage.dependencies, stage.output())).toBe(1);

    expect(stage.stdout.lines.slice(0, -1)).toEqual(['missing    ["a"]', 'missing    ["b"]']);
    expect(stage.stderr.text).toContain('Not listed: 1 more difference of ');
  });

  test('says of a sample what it can not see', async () => {
    const stage = stageOf([item('a', '1')], [item('a', '1')]);

    await verify({ ...OPTIONS, sample: 50 }, stage.dependencies, stage.output());

    expect(stage.stdout.lines.at(-1)).toMatch(
      /^Not seen: what is missing outside of the 32 parts of 64 that were scanned(?:, and what is extra or different .*)?\.$/,
    );
  });

  test('says of a sample of everything what was looked at, and that alone', async () => {
    const stage = stageOf([item('a', '1'), item('b', '1')], [item('a', '1'), item('c', '1')]);

    expect(await verify({ ...OPTIONS, sample: 100 }, stage.dependencies, stage.output())).toBe(1);

    expect(stage.stdout.lines).toEqual([
      'missing    ["b"]',
      'extra      ["c"]',
      expect.stringMatching(
        /^They differ: 2 items of Orders scanned, 2 of 2 rows of the latest view looked up; 1 missing, 1 extra, 0 different; /,
      ),
    ]);
  });

  test('names what failed first where what it stored in the destination can not be removed either', async () => {
    const away = async (): Promise<never> => {
      throw new TailraceError('destination-unavailable', 'The warehouse is away');
    };
    const gone = async (): Promise<never> => {
      throw new TailraceError('destination-missing', 'The table is gone');
    };
    const comparison = { add: away, counts: away, findings: away, sampleAgreeing: away, [Symbol.asyncDispose]: gone };
    const stage = stageOf([item('a', '1')], [], {}, { compare: async () => comparison });

    expect(
      await stage.tailrace('verify', 'Orders', '--destination', 'duckdb:shop.duckdb', '--state', temporaryFolder()),
    ).toBe(2);

    expect(stage.stderr.lines).toEqual([expect.stringMatching(/^tailrace: The warehouse is away\./)]);
  });

  test('refuses to repair by a sample, before anything is asked', async () => {
    const stage = commandStage();

    await expect(
      verify({ ...OPTIONS, sample: 5, repair: true }, stage.dependencies, stage.output()),
    ).rejects.toMatchObject({ kind: 'usage-invalid', message: expect.stringContaining('--repair and --sample') });
    expect(stage.doings).toEqual([]);
  });

  test.each(['0', '-1', '100.1', 'x', '', '1e1', '0.001'])('refuses a sample of "%s" per cent', async (sample) => {
    const stage = commandStage({ env: { TAILRACE_DESTINATION: 'duckdb:shop.duckdb' } });

    expect(await stage.tailrace('verify', 'Orders', `--sample=${sample}`)).toBe(2);

    expect(stage.stderr.text).toContain('It is not a percentage from 0.01 to 100');
    expect(stage.doings).toEqual([]);
  });
});
