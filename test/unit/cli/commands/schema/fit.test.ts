import { describe, expect, test } from 'vitest';
import type { Destination } from '../../../../../src/destination/destination.ts';
import type { Matches } from '../../../../../src/destination/view-store.ts';
import { commandStage } from '../../../../support/stages/command-stage.ts';
import { ORDERS } from '../../../../support/stream/record.ts';
import { columnMisfits } from '../../../../support/values/misfits.ts';

const SCHEMA = JSON.stringify({
  columns: [
    { name: 'id', type: 'STRING' },
    { name: 'total', type: 'NUMERIC' },
  ],
});
const KINDS = JSON.stringify({
  views: [
    { name: 'invoices', where: { path: 'type', equals: 'invoice' }, columns: [{ name: 'id', type: 'STRING' }] },
    { name: 'refunds', where: { path: 'type', equals: 'refund' }, columns: [{ name: 'id', type: 'STRING' }] },
  ],
});
const MISFITS = columnMisfits({
  present: 9,
  nulls: 2,
  misfits: 3,
  byType: { string: 2, number: 0, boolean: 0, object: 0, array: 1 },
});

function stageOf(schema: string, destination: Partial<Destination>) {
  const stage = commandStage({
    files: { 'schemas/Orders.json': schema },
    destination: { sources: async () => [ORDERS], ...destination },
  });
  const fit = (...args: readonly string[]) =>
    stage.tailrace('schema', 'fit', 'Orders', ...args, '--destination', 'duckdb:test.duckdb');
  return { ...stage, fit };
}

const columns = (total: typeof MISFITS): Partial<Destination> => ({
  countMisfits: async (_table, view) => ({
    items: 10,
    byColumn: view.columns.map(({ name }) => (name === 'total' ? total : columnMisfits({ present: 10 }))),
  }),
});

/** Half of the items, and nothing is wrong with them. */
const EACH = { matched: 5, found: [10], lists: 5, others: 0 };

const matches = (found: Partial<Matches>): Partial<Destination> => ({
  ...columns(MISFITS),
  countMatches: async () => ({ items: 10, unmatched: 0, repeated: 0, byView: [EACH, EACH], ...found }),
});

describe('schema fit', () => {
  test('counts what each column finds, by type and never by value', async () => {
    const stage = stageOf(SCHEMA, columns(MISFITS));

    expect(await stage.fit()).toBe(1);

    const rows = stage.stdout.lines
      .filter((line) => line.startsWith('│'))
      .map((line) => line.split(/ *│ */).slice(1, -1));
    expect(stage.stdout.lines[0]).toBe('Orders: 10 items');
    expect(rows).toEqual([
      ['column', 'type', 'fits', 'NULL', 'absent', 'misfits', 'types of the misfits'],
      ['id', 'STRING', '10', '0', '0', '0', ''],
      ['total', 'NUMERIC', '4', '2', '1', '3', 'string 2, array 1'],
    ]);
    expect(stage.stderr.text).toContain('`tailrace views misfits Orders COLUMN');
  });

  test('gives a script an object for each column, and a summary', async () => {
    const stage = stageOf(SCHEMA, columns(MISFITS));

    expect(await stage.fit('--json')).toBe(1);

    expect(stage.stdout.lines.map((line) => JSON.parse(line))).toEqual([
      {
        view: 'Orders',
        column: 'id',
        type: 'STRING',
        mode: 'NULLABLE',
        path: ['id'],
        items: 10,
        fits: 10,
        nulls: 0,
        absent: 0,
        misfits: 0,
        misfit_types: {},
      },
      expect.objectContaining({ column: 'total', fits: 4, misfit_types: { string: 2, array: 1 } }),
      { table: 'Orders', views: 1, misfits: 3, absent: 0, row_problems: 0 },
    ]);
  });

  test('exits with 0 if every value fits', async () => {
    expect(await stageOf(SCHEMA, columns(columnMisfits({ present: 10 }))).fit()).toBe(0);
  });

  test('names the column that no item has', async () => {
    const stage = stageOf(SCHEMA, {
      ...columns(columnMisfits({})),
      itemShapes: async () => ({ isRead: true, shapes: [{ shape: '{"id":"totals":}', items: 10 }] }),
    });

    expect(await stage.fit()).toBe(1);

    expect(stage.stdout.lines).toContain('`total`: no item has it; did you mean `totals`?');
  });

  test('counts the items that are in no view of kinds, and in several', async () => {
    const unmatched = stageOf(KINDS, matches({ unmatched: 2 }));
    expect(await unmatched.fit()).toBe(0);
    expect(unmatched.stdout.lines).toContain('2 items of Orders are in no view that has conditions, of 10 items.');

    const repeated = stageOf(KINDS, matches({ repeated: 1 }));
    expect(await repeated.fit()).toBe(1);
    expect(repeated.stdout.lines).toContain('1 item of Orders is in more than one of them: narrow their conditions.');
  });

  test.for<[string, Partial<typeof EACH>, RegExp]>([
    [
      'whose condition asks for what no item has',
      { found: [0], matched: 0 },
      /^`type`: no item has it; did you mean `typ`\? \(where of the view invoices\)$/,
    ],
    ['whose condition holds for no item', { matched: 0 }, /^invoices: its conditions hold for no item\.$/],
  ])('names a view %s', async ([, found, line]) => {
    const stage = stageOf(KINDS, {
      ...matches({ byView: [{ ...EACH, ...found }, EACH] }),
      itemShapes: async () => ({ isRead: true, shapes: [{ shape: '{"id":"typ":}', items: 10 }] }),
    });

    expect(await stage.fit()).toBe(1);

    expect(stage.stdout.lines).toContainEqual(expect.stringMatching(line));
  });

  test('counts what is no list where a view has a row for each element', async () => {
    const schema = { views: [{ name: 'l', unnest: 'lines', columns: [{ name: 'id', type: 'STRING' }] }] };
    const stage = stageOf(
      JSON.stringify(schema),
      matches({ byView: [{ matched: 10, found: [], lists: 8, others: 2 }] }),
    );

    expect(await stage.fit()).toBe(1);

    expect(stage.stdout.lines).toContain('l: 2 values at `lines` are no lists, and have no row.');
  });
});
