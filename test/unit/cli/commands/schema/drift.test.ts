import { describe, expect, test } from 'vitest';
import type { Destination } from '../../../../../src/destination/destination.ts';
import type { ItemSource } from '../../../../../src/views/item-source.ts';
import { commandStage } from '../../../../support/stages/command-stage.ts';
import { ORDERS } from '../../../../support/stream/record.ts';
import { columnMisfits } from '../../../../support/values/misfits.ts';

const SCHEMA = JSON.stringify({
  columns: [
    { name: 'id', type: 'STRING' },
    { name: 'total', type: 'NUMERIC' },
    { name: 'note', type: 'STRING' },
  ],
  ignore: ['internal'],
});
const MISFITS = columnMisfits({
  present: 9,
  misfits: 3,
  byType: { string: 2, number: 0, boolean: 1, object: 0, array: 0 },
});

/** A destination whose changes have these shapes, and find this in the columns. */
function stageOf(
  shapes: readonly string[],
  found: Readonly<Record<string, typeof MISFITS>>,
  schema = SCHEMA,
  items = shapes.length * 5,
  matched = 5,
) {
  const asked: (ItemSource | undefined)[] = [];
  const destination: Partial<Destination> = {
    sources: async () => [ORDERS],
    itemShapes: async (_table, _sample, source) => {
      asked.push(source);
      return { isRead: true, shapes: shapes.map((shape) => ({ shape, items: 5 })) };
    },
    countMisfits: async (_table, view, _listed, source) => {
      asked.push(source);
      return { items, byColumn: view.columns.map(({ name }) => found[name] ?? columnMisfits({ present: items })) };
    },
    countMatches: async (_table, views, source) => {
      asked.push(source);
      const byView = views.map(() => ({ matched, found: [5], lists: matched, others: 0 }));
      return { items: shapes.length * 5, unmatched: 5 - matched, repeated: 0, byView };
    },
  };
  const stage = commandStage({ files: { 'schemas/Orders.json': schema }, destination });
  const drift = (...args: readonly string[]) =>
    stage.tailrace('schema', 'drift', 'Orders', ...args, '--destination', 'duckdb:test.duckdb');
  return { ...stage, drift, asked };
}

const RIGHT = '{"id":"internal":{"x":}"note":"total":}';

describe('schema drift', () => {
  test('finds nothing where the changes are as the schema says', async () => {
    const stage = stageOf([RIGHT], {});

    expect(await stage.drift()).toBe(0);

    expect(stage.stdout.lines).toEqual(['5 changes of Orders of the last 7 d are as the schema says.']);
    expect(stage.stderr.text).toBe('');
  });

  test('names what appeared, vanished and changed its type, with exit code 1', async () => {
    const stage = stageOf([RIGHT, '{"coupon":{"code":}"id":"total":}'], { total: MISFITS, note: columnMisfits({}) });

    expect(await stage.drift()).toBe(1);

    expect(stage.stdout.lines).toEqual([
      'appeared  `coupon` in 5 changes of 10, and no column shows it',
      'retyped   Orders.total: 3 values not NUMERIC (string 2, boolean 1)',
      'vanished  Orders.note: `note` is in none of 10 changes',
      '3 differences between the schema and 10 changes of Orders of the last 7 d.',
    ]);
    expect(stage.stderr.text).toContain('schema infer Orders');
  });

  test('gives a script an object for each difference, and a summary', async () => {
    const stage = stageOf(['{"coupon":"id":}'], { total: MISFITS, note: columnMisfits({}) });

    expect(await stage.drift('--json')).toBe(1);

    expect(stage.stdout.lines.map((line) => JSON.parse(line))).toEqual([
      { drift: 'appeared', path: ['coupon'], changes: 5 },
      {
        drift: 'retyped',
        view: 'Orders',
        column: 'total',
        type: 'NUMERIC',
        path: ['total'],
        misfits: 3,
        types: { string: 2, boolean: 1 },
      },
      { drift: 'vanished', view: 'Orders', column: 'note', type: 'STRING', path: ['note'], of: 'change', count: 5 },
      { table: 'Orders', changes: 5, unmatched: 0, appeared: 1, vanished: 1, retyped: 1 },
    ]);
  });

  test('reads the changes since the time that is given, and nothing else', async () => {
    const stage = stageOf([RIGHT], {});

    await stage.drift('--since', '2h');

    const [source] = stage.asked;
    expect(stage.asked).toEqual([source, source]);
    expect(source).toEqual({ of: 'changes', since: stage.dependencies.clock.now() - 2 * 60 * 60_000 });
  });

  test('counts changes, and not the elements of their lists', async () => {
    const view = { name: 'orders_lines', unnest: 'lines', columns: [{ name: 'sku', type: 'STRING', path: 'sku' }] };
    const stage = stageOf(['{"lines":[{"sku":}]}'], { sku: columnMisfits({}) }, JSON.stringify({ views: [view] }), 12);

    expect(await stage.drift()).toBe(1);

    expect(stage.stdout.lines).toEqual([
      'appeared  `["lines",{"each":true},"sku"]` in 5 changes of 5, and no column shows it',
      'vanished  orders_lines.sku: `sku` is in none of 12 elements',
      '2 differences between the schema and 5 changes of Orders of the last 7 d.',
    ]);
  });

  test('accuses no column where there was no change', async () => {
    const stage = stageOf([], {});

    expect(await stage.drift()).toBe(0);

    expect(stage.stdout.lines).toEqual(['There is no change of Orders of the last 7 d: nothing can have drifted.']);
  });

  test('names a view that no change is in any more', async () => {
    const view = {
      name: 'orders',
      where: { path: 'kind', equals: 'order' },
      columns: [{ name: 'id', type: 'STRING' }],
    };
    const stage = stageOf(['{"id":"kind":}'], {}, JSON.stringify({ views: [view] }), 0, 0);

    expect(await stage.drift()).toBe(1);

    expect(stage.stdout.lines).toEqual([
      'vanished  orders: its conditions hold for no item.',
      '5 changes of Orders left an item that is in no view that has conditions.',
      '1 difference between the schema and 5 changes of Orders of the last 7 d.',
    ]);
  });
});
