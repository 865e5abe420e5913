import { describe, expect, test } from 'vitest';
import type { Destination } from '../../../../../../src/destination/destination.ts';
import type { TableReader } from '../../../../../../src/source/table-reader.ts';
import { commandStage, type Props } from '../../../../../support/stages/command-stage.ts';
import { ORDERS } from '../../../../../support/stream/record.ts';
import { STORAGE } from '../../../../../support/values/shop.ts';

const ITEMS = [
  { id: { S: 'A-1' }, total: { N: '12.5' } },
  { id: { S: 'A-2' }, total: { N: '7' } },
];
const FILE = ITEMS.map((item) => `${JSON.stringify(item)}\n`).join('');
const PROPOSED = `{
  "table": "Orders",
  "columns": [
    { "name": "id", "type": "STRING", "description": "In all 2 items." },
    { "name": "total", "type": "NUMERIC", "description": "In all 2 items." }
  ]
}`;

const TABLES: Partial<TableReader> = {
  describe: async () => ({ keys: [{ name: 'id', type: 'S' }], itemCount: 5_000 }) as never,
  scan: async ({ segment }) => ({ items: segment === 0 ? ITEMS : [], lastKey: null, consumedUnits: 0.5 }),
};

const DESTINATION: Partial<Destination> = {
  sources: async () => [ORDERS],
  known: async () => ({
    source: ORDERS,
    seen: { createdAt: null, streams: [], keys: [{ name: 'id', type: 'S' }] },
    changelog: STORAGE,
  }),
  countLatest: async () => 2,
  async *sampleItems() {
    yield [
      { key: '["A-1"]', item: '{"id":"A-1","total":12.5}' },
      { key: '["A-2"]', item: '{"id":"A-2","total":7}' },
    ];
  },
};

function stageOf(props: Props = {}) {
  const stage = commandStage(props);
  return { ...stage, infer: (...args: readonly string[]) => stage.tailrace('schema', 'infer', 'Orders', ...args) };
}

/** A stage with the items in a file, and this text in the schema's. */
const withFile = (schema?: string) =>
  stageOf({ files: { 'items.json': FILE, ...(schema !== undefined && { 'schemas/Orders.json': schema }) } });

describe('a new file', () => {
  test('is printed, from a sample of the table: its read units stand beside it', async () => {
    const stage = stageOf({ tables: TABLES });

    expect(await stage.infer()).toBe(0);

    expect(stage.stdout.text).toBe(`${PROPOSED}\n`);
    expect(stage.stderr.text).toContain('Read all 2 items of Orders: 8 read units.');
    expect(stage.written.size).toBe(0);
    expect(stage.doings).toEqual(['connect {}', 'disconnect']);
  });

  test('is the same from the latest view of a destination', async () => {
    const stage = stageOf({ destination: DESTINATION });

    expect(await stage.infer('--from', 'destination', '--destination', 'duckdb:shop.duckdb')).toBe(0);

    expect(stage.stdout.text).toBe(`${PROPOSED}\n`);
    expect(stage.stderr.text).toContain('Read 2 items of the latest view of Orders in duckdb:shop.duckdb.');
  });

  test('is the same from a file, and from standard input', async () => {
    const file = withFile();
    expect(await file.infer('--file', 'items.json', '--keys', 'id')).toBe(0);
    expect(file.stdout.text).toBe(`${PROPOSED}\n`);

    const stdin = stageOf({ files: { '-': FILE } });
    expect(await stdin.infer('--file', '-')).toBe(0);
    expect(stdin.stdout.text).toBe(`${PROPOSED}\n`);
    expect(stdin.stderr.text).toContain('Read 2 items of standard input.');
  });

  test('is written', async () => {
    const stage = withFile();

    expect(await stage.infer('--file', 'items.json', '--write')).toBe(0);

    expect([...stage.written]).toEqual([['schemas/Orders.json', `${PROPOSED}\n`]]);
    expect(stage.stdout.text).toBe(
      'Wrote schemas/Orders.json: 2 columns. `tailrace views apply Orders` makes its views.\n',
    );
  });

  test('takes the place of an empty one, as a shell makes it', async () => {
    const stage = withFile('');

    expect(await stage.infer('--file', 'items.json')).toBe(0);

    expect(stage.stdout.text).toBe(`${PROPOSED}\n`);
  });

  test('is one object for a script', async () => {
    const stage = withFile();

    expect(await stage.infer('--file', 'items.json', '--json')).toBe(0);

    expect(JSON.parse(stage.stdout.text)).toEqual({
      table: 'Orders',
      from: 'file',
      items: 2,
      read_units: null,
      file: 'schemas/Orders.json',
      written: false,
      schema: JSON.parse(PROPOSED),
    });
  });

  test('gives views no name that those of another table have', async () => {
    const kinds = [
      { id: { S: '1' }, type: { S: 'sale' }, a: { N: '1' }, b: { N: '1' } },
      { id: { S: '2' }, type: { S: 'refund' }, c: { N: '1' }, d: { N: '1' } },
    ];
    const stage = stageOf({
      files: {
        'items.json': kinds.map((item) => JSON.stringify(item)).join('\n'),
        'schemas/Others.json': '{"views":[{"name":"Sale","columns":[]}]}',
      },
    });

    await stage.infer('--file', 'items.json');

    expect(JSON.parse(stage.stdout.text).views.map(({ name }: { name: string }) => name)).toEqual([
      'refund',
      'sale_items',
    ]);
  });
});

describe('no items', () => {
  test.each<[string, Props, readonly string[], string]>([
    ['a file', { files: { '-': '' } }, ['--file', '-'], 'aws dynamodb scan --table-name Orders'],
    [
      'a table',
      { tables: { ...TABLES, scan: async () => ({ items: [], lastKey: null, consumedUnits: 0.5 }) } },
      [],
      'Put items into the table',
    ],
    [
      'a destination',
      { destination: { ...DESTINATION, countLatest: async () => 0, async *sampleItems() {} } },
      ['--from', 'destination', '--destination', 'duckdb:shop.duckdb'],
      'tailrace backfill Orders',
    ],
  ])('of %s are refused, with what to do, and nothing is written', async (_, props, args, remedy) => {
    for (const write of [[], ['--write']]) {
      const stage = stageOf(props);

      expect(await stage.infer(...args, ...write)).toBe(2);

      expect(stage.stderr.text).toContain('has no items: nothing is known of their attributes');
      expect(stage.stderr.text).toContain(remedy);
      expect(stage.stdout.text).toBe('');
      expect(stage.written.size).toBe(0);
    }
  });
});

test('items of which no column can be made are refused, and the key makes one', async () => {
  const stage = stageOf({ files: { '-': '{"bob@example.com":1}\n{}\n' } });

  expect(await stage.infer('--file', '-', '--write')).toBe(2);
  expect(stage.stderr.text).toContain('no attribute of which a column can be made');
  expect(stage.written.size).toBe(0);

  expect(await stage.infer('--file', '-', '--write', '--keys', 'bob@example.com')).toBe(0);
});

describe('words that tell kinds apart', () => {
  const kinds = (...types: readonly string[]) =>
    types.map((type, n) =>
      JSON.stringify({ id: `${n}`, type, [`only${'x'.repeat(n)}`]: 1, [`also${'x'.repeat(n)}`]: 1 }),
    );
  const run = async (lines: readonly string[], schema?: string) => {
    const stage = stageOf({
      files: { 'items.json': lines.join('\n'), ...(schema !== undefined && { 'schemas/Orders.json': schema }) },
    });
    await stage.infer('--file', 'items.json');
    return stage.stderr.text;
  };

  test.each([['Ann Meyer'], ['K1207']])(
    'that may be a name or a code are warned of, and not shown: %s',
    async (word) => {
      for (const schema of [undefined, '{}']) {
        const text = await run(kinds('sale', word), schema);

        expect(text).toContain('Kinds of items are told by "type", whose values have spaces or digits');
        expect(text).not.toContain(word);
      }
    },
  );

  test('that are plain are no reason to warn, nor those that a file has', async () => {
    expect(await run(kinds('sale', 'CreditNote'))).not.toContain('Kinds of items');
    const known = ['sale', 'Ann Meyer'].map((equals, n) => ({
      name: `v${n}`,
      where: { path: 'type', equals },
      columns: [{ name: 'id', type: 'STRING' }],
    }));
    expect(await run(kinds('sale', 'Ann Meyer'), JSON.stringify({ views: known }))).not.toContain('Kinds of items');
  });
});

describe('keys', () => {
  test.each([
    ['ID', '--keys: no item has an attribute "ID"', 'Give --keys id if that is the key'],
    ['id,Total', '--keys: no item has an attribute "Total"', 'Give --keys id,total if that is the key'],
    ['id,something_else', '--keys: no item has an attribute "something_else"', 'as items spell them'],
  ])('%s that no item has are refused, with the likeliest ones', async (keys, message, remedy) => {
    const stage = withFile();

    expect(await stage.infer('--file', 'items.json', '--keys', keys, '--write')).toBe(2);

    expect(stage.stderr.text).toContain(message);
    expect(stage.stderr.text).toContain(remedy);
    expect(stage.written.size).toBe(0);
  });
});

describe('the next command', () => {
  test.each([[undefined], ['{ "columns": [{ "name": "id", "type": "STRING" }] }']])(
    'names the directory that it was given, after a file is written or added to',
    async (schema) => {
      const stage = stageOf({
        files: { 'items.json': FILE, ...(schema !== undefined && { 'my models/Orders.json': schema }) },
      });

      expect(await stage.infer('--file', 'items.json', '--schemas', 'my models', '--write')).toBe(0);

      expect(stage.stdout.text).toContain("`tailrace views apply Orders --schemas 'my models'` makes its views.");
    },
  );
});

describe('a file that is there', () => {
  test('has nothing proposed that it ignores', async () => {
    const stage = withFile('{ "columns": [{ "name": "id", "type": "STRING" }], "ignore": ["total"] }');

    expect(await stage.infer('--file', 'items.json')).toBe(0);

    expect(stage.stdout.text).toBe('schemas/Orders.json lacks nothing: its columns show every path.\n');
  });

  const OLD = '{\n    "columns": [\n        { "name": "id", "type": "STRING" }\n    ]\n}\n';
  const DIFF = `--- schemas/Orders.json
+++ schemas/Orders.json
@@ -1,5 +1,6 @@
 {
     "columns": [
-        { "name": "id", "type": "STRING" }
+        { "name": "id", "type": "STRING" },
+        { "name": "total", "type": "NUMERIC", "description": "In all 2 items." }
     ]
 }
`;

  test('has what it lacks printed as a diff, and the exit code is 1', async () => {
    const stage = withFile(OLD);

    expect(await stage.infer('--file', 'items.json')).toBe(1);

    expect(stage.stdout.text).toBe(DIFF);
    expect(stage.stderr.text).toContain('schemas/Orders.json lacks 1 column');
    expect(stage.written.size).toBe(0);
  });

  test('gets what it lacks, in its own form, and a second run proposes nothing', async () => {
    const stage = withFile(OLD);
    expect(await stage.infer('--file', 'items.json', '--write')).toBe(0);
    const text = stage.written.get('schemas/Orders.json');
    expect(text).toContain(
      '        { "name": "id", "type": "STRING" },\n        { "name": "total", "type": "NUMERIC",',
    );

    const again = withFile(text);
    expect(await again.infer('--file', 'items.json')).toBe(0);
    expect(again.stdout.text).toBe('schemas/Orders.json lacks nothing: its columns show every path.\n');
  });

  test('is refused if it is no schema, before anything is read', async () => {
    const stage = stageOf({ files: { 'schemas/Orders.json': '{"columns":[{"name":"id"}]}' } });

    expect(await stage.infer()).toBe(2);

    expect(stage.stderr.text).toContain('columns[0].type');
    expect(stage.doings).toEqual([]);
  });
});

test.each([
  [['--file', 'items.json', '--from', 'destination'], 'cannot be used with option'],
  [['--max-read-units', '5'], 'whole number from 178'],
  [['--keys', 'a,b,c', '--file', 'items.json'], 'one or two names'],
  [['--from', 'destination'], 'No destination is named'],
])('%j is refused', async (args, message) => {
  const stage = withFile();

  expect(await stage.infer(...args)).toBe(2);

  expect(stage.stderr.text).toContain(message);
});
