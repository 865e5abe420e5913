import { describe, expect, test } from 'vitest';
import type { Destination } from '../../../../src/destination/destination.ts';
import { TailraceError } from '../../../../src/errors.ts';
import type { TypedView } from '../../../../src/views/typed.ts';
import { commandStage } from '../../../support/stages/command-stage.ts';
import { ORDERS } from '../../../support/stream/record.ts';

const CUSTOMERS = { ...ORDERS, name: 'my-app.customers' };
const ORDERS_SCHEMA = JSON.stringify({
  columns: [
    { name: 'id', type: 'STRING' },
    { name: 'total', type: 'NUMERIC' },
    { name: 'paid', type: 'BOOL', path: ['payment', 'done'] },
  ],
});
const CUSTOMERS_SCHEMA = JSON.stringify({ columns: [{ name: 'name', type: 'STRING' }] });

/** A stage whose destination holds two tables, and the calls that it got. */
function stageOf(files: Readonly<Record<string, string>>, parts: Partial<Destination> = {}) {
  const asked: string[] = [];
  const stage = commandStage({
    files,
    destination: {
      sources: async () => [ORDERS, CUSTOMERS],
      applyViews: async (_table, views, { dryRun = false } = {}) => {
        asked.push(...views.map(({ name }) => `${dryRun ? 'try' : 'apply'} ${name}`));
        return views.map(({ name }) => ({ name, action: name === 'Orders' ? 'replaced' : 'created' }));
      },
      countMisfits: async (_table, view) => {
        asked.push(`count ${view.name}`);
        return { items: 1200, byColumn: view.columns.map(({ name }) => (name === 'total' ? 2 : 0)) };
      },
      ...parts,
    },
  });
  const apply = (...args: readonly string[]) =>
    stage.tailrace('views', 'apply', ...args, '--destination', 'duckdb:test.duckdb');
  return { ...stage, asked, apply };
}

const BOTH = { 'schemas/Orders.json': ORDERS_SCHEMA, 'schemas/my-app.customers.json': CUSTOMERS_SCHEMA };

describe('views apply', () => {
  test('makes the view of one table, and reports what it replaced and what does not fit', async () => {
    const stage = stageOf(BOTH);

    expect(await stage.apply('Orders')).toBe(0);

    expect(stage.stdout.lines).toEqual([
      'View Orders in duckdb:test.duckdb was replaced: 3 columns, 1,200 items.',
      '  total: 2 values not NUMERIC, NULL in the view.',
    ]);
    expect(stage.stderr.text).toBe('');
    expect(stage.doings).toEqual(['open duckdb:test.duckdb', 'close']);
  });

  test('makes the views of all schemas, each checked and counted before the first is made', async () => {
    const stage = stageOf({ ...BOTH, 'schemas/README.md': 'no schema' });

    expect(await stage.apply()).toBe(0);

    expect(stage.asked).toEqual([
      'try Orders',
      'try my_app_customers',
      'count Orders',
      'count my_app_customers',
      'apply Orders',
      'apply my_app_customers',
    ]);
    expect(stage.stdout.lines.slice(2)).toEqual([
      'View my_app_customers in duckdb:test.duckdb was created: 1 column, 1,200 items.',
      '  Every value fits.',
    ]);
  });

  test('passes the declared columns to the destination', async () => {
    const views: TypedView[] = [];
    const stage = stageOf(BOTH, {
      applyViews: async (_table, [view]) => {
        if (view) views.push(view);
        return [{ name: 'Orders', action: 'created' }];
      },
    });

    await stage.apply('Orders');

    expect(views.at(-1)).toEqual({
      name: 'Orders',
      columns: [
        { name: 'id', type: 'STRING', description: null, path: ['id'] },
        { name: 'total', type: 'NUMERIC', description: null, path: ['total'] },
        { name: 'paid', type: 'BOOL', description: null, path: ['payment', 'done'] },
      ],
    });
  });

  test('gives a script one object, misfits of every column included', async () => {
    const stage = stageOf(BOTH);

    await stage.apply('Orders', '--json');

    expect(stage.stdout.lines.map((line) => JSON.parse(line))).toEqual([
      {
        destination: 'duckdb:test.duckdb',
        dry_run: false,
        views: [
          {
            table: 'Orders',
            view: 'Orders',
            action: 'replaced',
            items: 1200,
            columns: [
              { name: 'id', type: 'STRING', misfits: 0 },
              { name: 'total', type: 'NUMERIC', misfits: 2 },
              { name: 'paid', type: 'BOOL', misfits: 0 },
            ],
          },
        ],
      },
    ]);
  });

  test('changes nothing in a dry run, and counts all the same', async () => {
    const stage = stageOf(BOTH);

    expect(await stage.apply('Orders', '--dry-run')).toBe(0);

    expect(stage.asked).not.toContain('apply Orders');
    expect(stage.stdout.lines).toEqual([
      'View Orders in duckdb:test.duckdb would be replaced: 3 columns, 1,200 items.',
      '  total: 2 values not NUMERIC, NULL in the view.',
    ]);
  });

  test('makes no view of a schema without columns, and notes it', async () => {
    const stage = stageOf({ 'elsewhere/Orders.json': '{}' });

    expect(await stage.apply('--schemas', 'elsewhere')).toBe(0);

    expect(stage.asked).toEqual([]);
    expect(stage.stderr.lines).toEqual(['elsewhere/Orders.json declares no columns, so there is no typed view of it.']);
  });

  test('names every problem of every schema before it opens the destination', async () => {
    const stage = stageOf({
      'schemas/Orders.json': '{"columns":[{"name":"a.b","type":"INTEGER"}]}',
      'schemas/bad name.json': '{}',
      'schemas/my-app.customers.json': '{"views":[]}',
    });

    expect(await stage.apply()).toBe(2);

    expect(stage.doings).toEqual([]);
    for (const problem of [
      'schemas/Orders.json: columns[0].name: "a.b"',
      'columns[0].type: expected one of STRING',
      '"bad name" is not the name of a DynamoDB table',
      'schemas/my-app.customers.json: the file: unrecognized key: "views"',
    ]) {
      expect(stage.stderr.text).toContain(problem);
    }
  });

  test('makes no view if one is refused', async () => {
    const stage = stageOf(BOTH, {
      applyViews: async (_table, [view]) => {
        if (view?.name === 'Orders') return [{ name: view.name, action: 'created' }];
        throw new TailraceError('destination-conflict', 'my_app_customers is a table, and only views are replaced');
      },
      countMisfits: async () => expect.unreachable('nothing is counted before all is known to be possible'),
    });

    expect(await stage.apply()).toBe(2);

    expect(stage.stderr.text).toContain('my_app_customers is a table');
    expect(stage.stdout.text).toBe('');
  });

  test.for([
    [
      'a table that was never set up',
      { 'schemas/Users.json': ORDERS_SCHEMA },
      'Run `tailrace setup Users --destination ',
    ],
    ['a directory without schemas', { 'schemas/README.md': '' }, 'There is no schema in schemas'],
  ] as const)('names %s and the next step', async ([, files, words]) => {
    const stage = stageOf(files);

    expect(await stage.apply()).toBe(2);

    expect(stage.asked).toEqual([]);
    expect(stage.stderr.text).toContain(words);
  });
});
