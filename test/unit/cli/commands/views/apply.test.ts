import { describe, expect, test } from 'vitest';
import type { Destination } from '../../../../../src/destination/destination.ts';
import type { ColumnMisfits } from '../../../../../src/destination/view-store.ts';
import { TailraceError } from '../../../../../src/errors.ts';
import type { TypedView } from '../../../../../src/schema/typed-view.ts';
import type { KeySample } from '../../../../../src/views/sample.ts';
import { commandStage } from '../../../../support/stages/command-stage.ts';
import { ORDERS } from '../../../../support/stream/record.ts';
import { appliedView, columnMisfits } from '../../../../support/values/misfits.ts';
import { STORAGE } from '../../../../support/values/shop.ts';

const CUSTOMERS = { ...ORDERS, name: 'my-app.customers' };
const ORDERS_SCHEMA = JSON.stringify({
  columns: [
    { name: 'id', type: 'STRING' },
    { name: 'total', type: 'NUMERIC' },
    { name: 'paid', type: 'BOOL', path: ['payment', 'done'] },
  ],
});
const CUSTOMERS_SCHEMA = JSON.stringify({
  columns: [
    { name: 'id', type: 'STRING' },
    { name: 'name', type: 'STRING' },
  ],
});

const FITS = columnMisfits({ present: 1200, misfits: 0, listed: [] });
const ABSENT = columnMisfits({ present: 0, misfits: 0, listed: [] });
const LISTED = [
  { key: '["A-1"]', type: 'string' },
  { key: '["A-\\u001b2"]', type: 'object' },
];
const MISFITS = columnMisfits({ present: 1200, misfits: 2, listed: LISTED });
const SHOWN = [
  '  total: 2 values not NUMERIC, NULL in the view:',
  '    string   ["A-1"]',
  '    object   ["A-\\u001b2"]',
];

/** What a destination remembers of both tables: the key is the attribute `id`. */
const SEEN = { createdAt: null, streams: [], keys: [{ name: 'id', type: 'S' }] } as const;

/** A stage whose destination holds two tables, and the calls that it got. */
function stageOf(files: Readonly<Record<string, string>>, parts: Partial<Destination> = {}) {
  const asked: string[] = [];
  const stage = commandStage({
    files,
    destination: {
      sources: async () => [ORDERS, CUSTOMERS],
      known: async (name) => {
        const source = [ORDERS, CUSTOMERS].find((table) => table.name === name);
        return source && { source, seen: SEEN, changelog: STORAGE };
      },
      applyViews: async (_table, views, { dryRun = false } = {}) => {
        asked.push(...views.map(({ name }) => `${dryRun ? 'try' : 'apply'} ${name}`));
        return views.map(({ name }) => appliedView(name, name === 'Orders' ? 'replaced' : 'created'));
      },
      countMisfits: async (_table, view) => {
        asked.push(`count ${view.name}`);
        return { items: 1200, byColumn: view.columns.map(({ name }) => (name === 'total' ? MISFITS : FITS)) };
      },
      ...parts,
    },
  });
  const apply = (...args: readonly string[]) =>
    stage.tailrace('views', 'apply', ...args, '--destination', 'duckdb:test.duckdb');
  return { ...stage, asked, apply };
}

/** A destination that finds this of the columns, and items of these shapes. */
const found = (byColumn: readonly ColumnMisfits[], shapes: readonly string[]): Partial<Destination> => ({
  countMisfits: async () => ({ items: 1200, byColumn }),
  itemShapes: async () => ({ isRead: true, shapes: shapes.map((shape) => ({ shape, items: 600 })) }),
});

const SHAPES = ['{"email":"id":"payment":{"done":}}', '{"address":{"city":}"id":}'];

const BOTH = { 'schemas/Orders.json': ORDERS_SCHEMA, 'schemas/my-app.customers.json': CUSTOMERS_SCHEMA };

describe('views apply', () => {
  test('makes the view of one table, and reports what it replaced and what does not fit', async () => {
    const stage = stageOf(BOTH);

    expect(await stage.apply('Orders')).toBe(0);

    expect(stage.stdout.lines).toEqual([
      'View Orders in duckdb:test.duckdb was replaced: 3 columns, 1,200 items.',
      ...SHOWN,
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
    expect(stage.stdout.lines.slice(4)).toEqual([
      'View my_app_customers in duckdb:test.duckdb was created: 2 columns, 1,200 items.',
      '  Every value fits.',
    ]);
  });

  test('passes the declared columns to the destination', async () => {
    const views: TypedView[] = [];
    const stage = stageOf(BOTH, {
      applyViews: async (_table, [view]) => {
        if (view) views.push(view);
        return [appliedView('Orders', 'created')];
      },
    });

    await stage.apply('Orders');

    expect(views.at(-1)).toEqual({
      name: 'Orders',
      columns: [
        { name: 'id', type: 'STRING', description: null, path: ['id'], cluster: false },
        { name: 'total', type: 'NUMERIC', description: null, path: ['total'], cluster: false },
        { name: 'paid', type: 'BOOL', description: null, path: ['payment', 'done'], cluster: false },
      ],
    });
  });

  test('gives a script one object, misfits of every column included', async () => {
    const stage = stageOf(BOTH);

    await stage.apply('Orders', '--json');

    const fits = { present: 1200, nulls: 0, misfits: 0, misfit_keys: [] };
    expect(stage.stdout.lines.map((line) => JSON.parse(line))).toEqual([
      {
        destination: 'duckdb:test.duckdb',
        dry_run: false,
        views: [
          {
            table: 'Orders',
            view: 'Orders',
            action: 'replaced',
            column_changes: [],
            sql: null,
            items: 1200,
            columns: [
              { name: 'id', type: 'STRING', path: ['id'], ...fits },
              { name: 'total', type: 'NUMERIC', path: ['total'], ...fits, misfits: 2, misfit_keys: LISTED },
              { name: 'paid', type: 'BOOL', path: ['payment', 'done'], ...fits },
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
      ...SHOWN,
    ]);
  });

  test('names the columns that no item has first, each with the likeliest real path, and exits with 1', async () => {
    const schema = JSON.stringify({
      columns: [
        { name: 'id', type: 'STRING' },
        { name: 'total', type: 'NUMERIC' },
        { name: 'emial', type: 'STRING' },
        { name: 'city', type: 'STRING', path: 'address.city' },
        { name: 'mail', type: 'STRING', path: 'e-mail' },
        { name: 'nickname', type: 'JSON' },
        { name: 'done', type: 'BOOL', path: ['payment', 'dnoe'] },
      ],
    });
    const stage = stageOf({ 'schemas/Orders.json': schema }, found([FITS, MISFITS, ...Array(5).fill(ABSENT)], SHAPES));

    expect(await stage.apply('Orders')).toBe(1);

    expect(stage.asked.filter((call) => call.startsWith('apply'))).toEqual(['apply Orders']);
    expect(stage.stdout.lines.slice(1)).toEqual([
      '  `emial`: no item has it; did you mean `email`?',
      '  `address.city`: no attribute of that name; there is `address` with `city` inside: `["address","city"]` (column city)',
      '  `e-mail`: no item has it; did you mean `email`? (column mail)',
      '  `nickname`: no item has it.',
      '  `["payment","dnoe"]`: no item has it; did you mean `["payment","done"]`? (column done)',
      ...SHOWN,
    ]);
    expect(stage.stderr.text).toBe('');
  });

  test('gives a script the likeliest path of a column that no item has', async () => {
    const schema = JSON.stringify({ columns: ['emial', 'nickname', 'id'].map((name) => ({ name, type: 'STRING' })) });
    const stage = stageOf({ 'schemas/Orders.json': schema }, found([ABSENT, ABSENT, FITS], SHAPES));

    expect(await stage.apply('Orders', '--json')).toBe(1);

    const column = (name: string, present: number, rest: object) => ({
      ...{ name, type: 'STRING', path: [name], present, misfits: 0, misfit_keys: [] },
      ...rest,
    });
    expect(JSON.parse(stage.stdout.text)).toMatchObject({
      views: [
        {
          columns: [
            column('emial', 0, { likeliest_path: ['email'] }),
            column('nickname', 0, { likeliest_path: null }),
            column('id', 1200, {}),
          ],
          names_of: 'all',
        },
      ],
    });
  });

  test('says that the other columns fit only of the others', async () => {
    const schema = JSON.stringify({ columns: ['emial', 'id'].map((name) => ({ name, type: 'STRING' })) });

    const some = stageOf({ 'schemas/Orders.json': schema }, found([ABSENT, FITS], SHAPES));
    await some.apply('Orders');
    expect(some.stdout.lines.at(-1)).toBe('  Every value of the other columns fits.');

    const none = stageOf({ 'schemas/Orders.json': schema }, found([ABSENT, ABSENT], SHAPES));
    await none.apply('Orders');
    expect(none.stdout.text).not.toContain('fits');
  });

  test('accuses no column of a table without items', async () => {
    const stage = stageOf(BOTH, { countMisfits: async () => ({ items: 0, byColumn: [ABSENT, ABSENT, ABSENT] }) });

    expect(await stage.apply('Orders')).toBe(0);

    expect(stage.stdout.lines.slice(1)).toEqual([
      '  There are no items yet: whether they have these attributes, and of which types, is unknown.',
    ]);
  });

  test('reads the names of a sample of a large table, and tells', async () => {
    const samples: KeySample[] = [];
    const stage = stageOf(BOTH, {
      countMisfits: async () => ({ items: 1_000_000, byColumn: [FITS, FITS, ABSENT] }),
      itemShapes: async (_table, sample) => {
        samples.push(sample);
        return { isRead: true, shapes: [] };
      },
    });

    expect(await stage.apply('Orders')).toBe(1);

    expect(samples).toMatchObject([{ share: 0.1 }]);
    expect(stage.stdout.lines.slice(1, 3)).toEqual([
      '  `["payment","done"]`: no item has it (column paid).',
      '  The names come from a sample of about 100,000 items.',
    ]);
  });

  test('tells that not all names were read where items have too many shapes', async () => {
    const shapes = Array.from({ length: 1_000 }, (_, n) => ({ shape: `{"name${n}":}`, items: 1 }));
    const stage = stageOf(BOTH, {
      countMisfits: async () => ({ items: 1200, byColumn: [FITS, FITS, ABSENT] }),
      itemShapes: async () => ({ isRead: true, shapes }),
    });

    expect(await stage.apply('Orders')).toBe(1);

    expect(stage.stdout.lines[2]).toBe('  The names come from the items of the 1,000 most frequent shapes.');
  });

  test('tells that the names were not read where they cost too much', async () => {
    const stage = stageOf(BOTH, {
      countMisfits: async () => ({ items: 1200, byColumn: [FITS, FITS, ABSENT] }),
      itemShapes: async () => ({ isRead: false, maxBytes: 10_000_000_000 }),
    });

    expect(await stage.apply('Orders')).toBe(1);

    expect(stage.stdout.lines[2]).toBe(
      '  The names that items have were not read: that would be billed as more than 10 GB.',
    );
  });

  test('shows five misfits of a column at most, and the command that lists them', async () => {
    const asked: number[] = [];
    const stage = stageOf(
      { 'my schemas/Orders.json': ORDERS_SCHEMA },
      {
        countMisfits: async (_table, _view, listed) => {
          asked.push(listed);
          const keys = Array.from({ length: listed }, (_, n) => ({ key: `["${n}"]`, type: 'array' }));
          return { items: 1200, byColumn: [FITS, columnMisfits({ present: 1200, misfits: 70, listed: keys }), FITS] };
        },
      },
    );

    expect(await stage.apply('Orders', '--schemas', 'my schemas')).toBe(0);

    expect(asked).toEqual([5]);
    expect(stage.stdout.lines.slice(1)).toEqual([
      '  total: 70 values not NUMERIC, NULL in the view:',
      ...Array.from({ length: 5 }, (_, n) => `    array    ["${n}"]`),
      '    and 65 more values',
    ]);
    expect(stage.stderr.lines).toEqual([
      "`tailrace views misfits Orders total --schemas 'my schemas' --destination duckdb:test.duckdb` lists more of them.",
    ]);
  });

  test('makes no view of a schema without columns and views, and notes it', async () => {
    const stage = stageOf({ 'elsewhere/Orders.json': '{}' });

    expect(await stage.apply('--schemas', 'elsewhere')).toBe(0);

    expect(stage.asked).toEqual([]);
    expect(stage.stderr.lines).toEqual([
      'elsewhere/Orders.json declares no columns and no views, so there is no typed view of it: `tailrace schema infer Orders --schemas elsewhere --destination duckdb:test.duckdb` proposes them.',
    ]);
  });

  test('names every problem of every schema before it opens the destination', async () => {
    const stage = stageOf({
      'schemas/Orders.json': '{"columns":[{"name":"a.b","type":"INTEGER"}]}',
      'schemas/bad name.json': '{}',
      'schemas/my-app.customers.json': '{"veiws":[]}',
    });

    expect(await stage.apply()).toBe(2);

    expect(stage.doings).toEqual([]);
    for (const problem of [
      'schemas/Orders.json: columns[0].name: "a.b"',
      'columns[0].type: expected one of STRING',
      'schemas/bad name.json: "bad name" is not the name of a DynamoDB table',
      'schemas/my-app.customers.json: the file: unrecognized key: "veiws"',
    ]) {
      expect(stage.stderr.text).toContain(problem);
    }
  });

  test.for([
    ['a b', 'my schemas/a b.json: "a b" is not the name of a DynamoDB table.'],
    ['', 'my schemas/.json: "" is not the name of a DynamoDB table.'],
  ])('names a file that is named for no table, and what to do with it: %j', async ([name, problem]) => {
    const stage = stageOf({ 'my schemas/Orders.json': ORDERS_SCHEMA, [`my schemas/${name}.json`]: '{}' });

    expect(await stage.apply('--schemas', 'my schemas')).toBe(2);

    expect(stage.doings).toEqual([]);
    expect(stage.stderr.lines).toEqual([
      `tailrace: ${problem} Rename the file for its table, or move it out of the directory: every file there that ends in .json is read.`,
    ]);
  });

  test.for([
    ['a schema', ['Orders']],
    ['a directory', []],
  ] as const)("offers no standard input in place of %s that can't be read", async ([, args]) => {
    const stage = stageOf(BOTH);
    const unreadable = async () => {
      throw new TailraceError('usage-invalid', "It can't be read", {
        remedy: 'Name another, or - for standard input.',
      });
    };
    Object.assign(stage.dependencies, { readText: unreadable, listFiles: unreadable });

    expect(await stage.apply(...args)).toBe(2);

    expect(stage.stderr.text).toContain("It can't be read");
    expect(stage.stderr.text).toContain('Name the directory with --schemas; a schema is a file ');
    expect(stage.stderr.text).not.toContain('standard input');
  });

  test('names what is in the way of the views of all tables at once', async () => {
    const stage = stageOf(BOTH, {
      applyViews: async (_table, [view]) => {
        throw new TailraceError('destination-conflict', `${view?.name} is a table`, {
          context: { table: `${view?.name}` },
          remedy: `Rename ${view?.name}.`,
        });
      },
    });

    expect(await stage.apply()).toBe(2);

    expect(stage.stderr.lines).toEqual([
      'tailrace: Orders is a table; my_app_customers is a table. Rename Orders. Rename my_app_customers.',
    ]);
  });

  test('makes no view if one is refused', async () => {
    const stage = stageOf(BOTH, {
      applyViews: async (_table, [view]) => {
        if (view?.name === 'Orders') return [appliedView(view.name, 'created')];
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
