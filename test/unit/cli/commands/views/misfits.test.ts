import { describe, expect, test } from 'vitest';
import type { Destination } from '../../../../../src/destination/destination.ts';
import type { ColumnMisfits } from '../../../../../src/destination/view-store.ts';
import type { TypedView } from '../../../../../src/schema/typed-view.ts';
import { commandStage } from '../../../../support/stages/command-stage.ts';
import { ORDERS } from '../../../../support/stream/record.ts';
import { columnMisfits } from '../../../../support/values/misfits.ts';

const SCHEMA = JSON.stringify({
  columns: [
    { name: 'id', type: 'STRING' },
    { name: 'Total', type: 'NUMERIC', path: ['sum', 'total'] },
  ],
});

const FITS = columnMisfits({ present: 10, misfits: 0, listed: [] });
const LISTED = [
  { key: '["A 1"]', type: 'string' },
  { key: '["A-2"]', type: 'object' },
];

/** A stage whose destination finds `found` in ten items, and the views and limits that it was asked about. */
function stageOf(found: ColumnMisfits, { items = 10, ...parts }: Partial<Destination> & { items?: number } = {}) {
  const asked: { readonly view: TypedView; readonly listed: number }[] = [];
  const stage: ReturnType<typeof commandStage> = commandStage({
    files: { 'schemas/Orders.json': SCHEMA, 'elsewhere/Orders.json': SCHEMA, 'empty/Orders.json': '{}' },
    destination: {
      sources: async () => [ORDERS],
      countMisfits: async (_table, view, listed) => {
        // As with a file: what is asked after it was closed fails.
        await Promise.resolve();
        stage.doings.push('count');
        asked.push({ view, listed });
        return { items, byColumn: [found] };
      },
      ...parts,
    },
  });
  const misfits = (...args: readonly string[]) =>
    stage.tailrace('views', 'misfits', ...args, '--destination', 'duckdb:test.duckdb');
  return { ...stage, asked, misfits };
}

describe('views misfits', () => {
  test('lists the key and type of every value that does not fit, and exits with 1', async () => {
    const stage = stageOf(columnMisfits({ present: 10, misfits: 2, listed: LISTED }));

    expect(await stage.misfits('Orders', 'Total')).toBe(1);

    expect(stage.stdout.lines).toEqual([
      'string   ["A 1"]',
      'object   ["A-2"]',
      'Total: 2 values not NUMERIC, NULL in the view, of 10 items.',
    ]);
    expect(stage.stderr.text).toBe('');
    expect(stage.doings).toEqual(['open duckdb:test.duckdb', 'count', 'close']);
  });

  test('asks about that column alone, whatever the case of its name, and lists a thousand', async () => {
    const stage = stageOf(FITS);

    await stage.misfits('Orders', 'tOTAL', '--schemas', 'elsewhere');

    expect(stage.asked).toEqual([
      {
        view: {
          name: 'Orders',
          columns: [{ name: 'Total', type: 'NUMERIC', description: null, path: ['sum', 'total'], cluster: false }],
        },
        listed: 1_000,
      },
    ]);
  });

  test('exits with 0 where all fits', async () => {
    const stage = stageOf(FITS);

    expect(await stage.misfits('Orders', 'id')).toBe(0);

    expect(stage.stdout.lines).toEqual(['id: every value fits, of 10 items.']);
  });

  test('tells how many are not listed, and how to list more', async () => {
    const stage = stageOf(columnMisfits({ present: 10, misfits: 9, listed: LISTED }));

    expect(await stage.misfits('Orders', 'id', '--limit', '2')).toBe(1);

    expect(stage.asked[0]?.listed).toBe(2);
    expect(stage.stderr.lines).toEqual(['Not listed: 7 more values. Give a higher --limit.']);
  });

  test('gives a script an object a misfit, and a summary', async () => {
    const stage = stageOf(columnMisfits({ present: 10, misfits: 3, listed: LISTED }));

    expect(await stage.misfits('Orders', 'Total', '--limit', '2', '--json')).toBe(1);

    expect(stage.stdout.lines.map((line) => JSON.parse(line))).toEqual([
      ...LISTED,
      {
        table: 'Orders',
        column: 'Total',
        column_type: 'NUMERIC',
        path: ['sum', 'total'],
        items: 10,
        present: 10,
        misfits: 3,
        listed: 2,
      },
    ]);
  });

  test('names the likeliest path of a column that no item has, and exits with 1', async () => {
    const absent = columnMisfits({ present: 0, misfits: 0, listed: [] });
    const itemShapes: Destination['itemShapes'] = async () => ({
      isRead: true,
      shapes: [{ shape: '{"summe":{"total":}}', items: 10 }],
    });

    const person = stageOf(absent, { itemShapes });
    expect(await person.misfits('Orders', 'Total')).toBe(1);
    expect(person.stdout.lines).toEqual([
      '`["sum","total"]`: no item has it; did you mean `["summe","total"]`? (column Total)',
    ]);

    const script = stageOf(absent, { itemShapes });
    expect(await script.misfits('Orders', 'Total', '--json')).toBe(1);
    expect(JSON.parse(script.stdout.text)).toMatchObject({ present: 0, likeliest_path: ['summe', 'total'] });
  });

  test('accuses no column of a table without items', async () => {
    const stage = stageOf(columnMisfits({ present: 0, misfits: 0, listed: [] }), { items: 0 });

    expect(await stage.misfits('Orders', 'id')).toBe(0);

    expect(stage.stdout.lines).toEqual(['There are no items yet: whether id fits is unknown.']);
  });

  test.for([
    [['Orders', 'totl'], 'schemas/Orders.json has no column "totl". Did you mean Total?'],
    [['Orders', 'xyz'], 'schemas/Orders.json has no column "xyz". Its columns are id, Total.'],
  ] as const)('refuses %j, and counts nothing', async ([args, words]) => {
    const stage = stageOf(FITS);

    expect(await stage.misfits(...args)).toBe(2);

    expect(stage.stderr.text).toContain(words);
    expect(stage.doings).toEqual(['open duckdb:test.duckdb', 'close']);
  });

  test.for([
    [['Orders', 'id', '--schemas', 'empty'], 'empty/Orders.json has no column "id". It declares no columns.'],
    [['Orders'], "Missing required argument 'column'"],
    [['Orders', 'id', '--limit', '0'], 'It is not a whole number from 1 to 10000'],
  ] as const)('refuses %j before it opens the destination', async ([args, words]) => {
    const stage = stageOf(FITS);

    expect(await stage.misfits(...args)).toBe(2);

    expect(stage.stderr.text).toContain(words);
    expect(stage.doings).toEqual([]);
  });

  test('names a table that was never set up, and the next step', async () => {
    const stage = stageOf(FITS, { sources: async () => [] });

    expect(await stage.misfits('Orders', 'id')).toBe(2);

    expect(stage.stderr.text).toContain('Run `tailrace setup Orders --destination ');
  });
});
