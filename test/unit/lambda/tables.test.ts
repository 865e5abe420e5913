import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { serviceDirectory } from '../../support/process/lambda-package.ts';

type Context = {
  readonly resolveVariable: (address: string) => Promise<string | null>;
  readonly resolveConfigurationProperty: (path: readonly string[]) => Promise<unknown>;
};
type Tables = {
  readonly functions: (context: Context) => Promise<Record<string, { name: string }>>;
  readonly stackName: (context: Context) => Promise<string>;
  readonly resources: (context: Context) => Promise<Record<string, Record<string, Record<string, unknown>>>>;
};

const TEMPLATE = {
  function: { role: 'TableRole', note: 'Table {table}, a Table of its own' },
  resources: { Parameters: { TableStreamArn: { AllowedPattern: 'table/{table}/', Type: 'String' } } },
};

/** Loads the module as the framework does, over these tables and with these `--param`s. */
async function load(tables: readonly string[], params: Readonly<Record<string, string>> = {}) {
  await using service = await serviceDirectory(tables);
  const { stackName, functions, resources }: Tables = createRequire(import.meta.url)(
    join(service.path, 'serverless/tables.cjs'),
  );
  const context: Context = {
    resolveVariable: async (address) =>
      address === 'sls:stage' ? 'dev' : (params[address.replace(/^param:(.*), null$/, '$1')] ?? null),
    resolveConfigurationProperty: async (path) =>
      path[0] === 'service' ? 'tailrace' : path[2] === 'function' ? TEMPLATE.function : TEMPLATE.resources,
  };
  return {
    stackName: await stackName(context),
    functions: await functions(context),
    resources: await resources(context),
  };
}

test('the template is repeated for each table, under names of its own', async () => {
  const { functions, resources } = await load(['Orders', 'shop.carts-2_b']);

  expect(functions).toEqual({
    Orders: { name: 'tailrace-dev-Orders', role: 'OrdersRole', note: 'Table Orders, a Table of its own' },
    'shopDotcarts-2_b': {
      name: 'tailrace-dev-shopDotcarts-2_b',
      role: 'ShopDotcartsDash2UnderscorebRole',
      note: 'Table shop.carts-2_b, a Table of its own',
    },
  });
  expect(resources['Parameters']).toEqual({
    OrdersStreamArn: { AllowedPattern: 'table/Orders/', Type: 'String' },
    ShopDotcartsDash2UnderscorebStreamArn: { AllowedPattern: 'table/shop\\.carts-2_b/', Type: 'String' },
  });
});

test('a value that is given becomes its parameter default; the others have none', async () => {
  const { resources } = await load(['Orders', 'shop.carts-2'], {
    'shop.carts-2.stream-arn': 'arn:of:carts',
    destination: 'bigquery:p.d',
  });

  expect(resources['Parameters']).toEqual({
    OrdersStreamArn: { AllowedPattern: 'table/Orders/', Type: 'String' },
    ShopDotcartsDash2StreamArn: {
      AllowedPattern: 'table/shop\\.carts-2/',
      Type: 'String',
      Default: 'arn:of:carts',
    },
    Destination: { Default: 'bigquery:p.d' },
  });
});

test("a function's name fits Lambda's 64 characters and stays its own", async () => {
  const long = `${'a'.repeat(100)}`;
  const { functions } = await load([`${long}1`, `${long}2`]);

  const names = Object.values(functions).map(({ name }) => name);
  expect(names.map((name) => name.length)).toEqual([64, 64]);
  expect(new Set(names).size).toBe(2);
});

test('a group is its own tables, under names that no other group or stage has', async () => {
  const tables = ['Orders', 'sales/Orders', 'sales/Carts', 'ops/Orders'];
  const stacks = await Promise.all([{}, { group: 'sales' }, { group: 'ops' }].map((params) => load(tables, params)));

  expect(stacks.map(({ stackName }) => stackName)).toEqual([
    'tailrace-dev',
    'tailrace--sales-dev',
    'tailrace--ops-dev',
  ]);
  expect(stacks.map(({ functions }) => Object.values(functions).map(({ name }) => name))).toEqual([
    ['tailrace-dev-Orders'],
    ['tailrace--sales-dev-Carts', 'tailrace--sales-dev-Orders'],
    ['tailrace--ops-dev-Orders'],
  ]);
});

test.each([
  [['a/Orders', 'b/Orders'], { group: 'a' }, 'schemas/b/'],
  [['a/Orders', 'Orders'], { group: 'a' }, 'schemas/ itself'],
  [['a/Orders', 'Orders'], {}, 'schemas/a/'],
  [['a/Orders', 'b/Zones'], { group: 'a' }, null],
])('a table that two places have is warned about: %o with %o', async (tables, params, where) => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => write.mockRestore());

  await load(tables, params);

  const written = write.mock.calls.map(([text]) => text);
  expect(written).toEqual(where === null ? [] : [expect.stringMatching(`^Warning: ${where} has Orders too`)]);
});

test.each([
  [['B/Orders'], { group: 'B' }, /at most 32 small letters and digits, not "B"/],
  [['B/Orders'], {}, /No groups, for their names: schemas\/B\/\. Use at most 32 small letters and digits$/],
  [['a/Orders', 'b/Zones'], { group: 'c' }, /schemas\/c\/ holds no TABLE.*give --param group=a, or group=b$/],
])('an unknown group is refused with the groups that there are: %o with %o', async (tables, params, message) => {
  const error: unknown = await load(tables, params).catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ message: expect.stringMatching(message) });
  // The framework prints it.
  expect(error).toMatchObject({ stack: expect.stringMatching(message) });
});

test('where every table is in a group, packaging without one names them', async () => {
  await expect(load(['sales/Orders', 'ops/Orders'])).rejects.toThrow('give --param group=ops, or group=sales');
});

test.each(['Sales', 'a-b', '../x', ''])('%j is refused as the name of a group', async (group) => {
  await expect(load(['Orders'], { group })).rejects.toThrow('small letters and digits');
});

test.each([
  [[], 'schemas/ holds no TABLE.json'],
  [['my orders'], 'schemas/my orders.json is not named for a DynamoDB table'],
  [['a.orders', 'a_orders'], "Tables a.orders and a_orders can't be in one stack"],
  [['Orders', 'orders'], "Tables Orders and orders can't be in one stack"],
  [['a.b.c', 'aDotb.c'], "Tables a.b.c and aDotb.c can't be in one stack"],
  [['.'.repeat(200)], 'the name is too long for a stack'],
])('%j is refused by name', async (tables, message) => {
  await expect(load(tables)).rejects.toThrow(message);
});

test.for<[string, (schemas: string) => Promise<void>, string]>([
  ['is no directory', (schemas) => writeFile(schemas, ''), "schemas can't be listed (ENOTDIR)"],
  ['is empty', async (schemas) => void (await mkdir(schemas)), 'No table to deploy: schemas/ holds no TABLE.json'],
  ['is missing', async () => {}, 'No table to deploy: schemas/ holds no TABLE.json'],
  [
    'holds a link to nothing',
    async (schemas) => {
      await mkdir(schemas);
      await symlink('nowhere', join(schemas, 'dangling'));
    },
    'No table to deploy: schemas/ holds no TABLE.json',
  ],
])('schemas that %s are refused in a sentence, without a stack', async ([, make, sentence]) => {
  await using service = await serviceDirectory([]);
  const schemas = join(service.path, 'schemas');
  await rm(schemas, { recursive: true, force: true });
  await make(schemas);
  const { functions }: Tables = createRequire(import.meta.url)(join(service.path, 'serverless/tables.cjs'));

  const refused = await functions({
    resolveVariable: async (address) => (address === 'sls:stage' ? 'dev' : null),
    resolveConfigurationProperty: async (path) => (path[0] === 'service' ? 'tailrace' : TEMPLATE.function),
  }).catch((error: unknown) => error);

  expect(refused).toMatchObject({ message: expect.stringContaining(sentence) });
  // What the framework prints.
  expect(refused).toHaveProperty('stack', (refused as Error).message);
});
