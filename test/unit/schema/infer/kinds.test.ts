import { DuckDBConnection } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { ItemFacts } from '../../../../src/schema/infer/item-facts.ts';
import { proposeSchema } from '../../../../src/schema/infer/propose.ts';
import { isReserved } from '../../../../src/schema/infer/reserved-words.ts';
import { type PlainItem, proposalOf } from '../../../support/values/proposals.ts';

const viewsOf = (items: readonly PlainItem[], keys?: readonly string[]) =>
  (proposalOf(items, keys).views ?? []).map(({ name, where }) => ({ name, where }));

const CUSTOMERS = ['1', '2'].map((n) => ({ PK: `CUSTOMER#${n}`, SK: 'PROFILE', email: `${n}@example.com`, plan: 'x' }));
const ORDERS = ['1', '2'].map((n) => ({ PK: `CUSTOMER#${n}`, SK: `ORDER#${n}`, total: 5, lines: [{ sku: n }] }));
const PRODUCTS = ['1', '2'].map((n) => ({ PK: `PRODUCT#${n}`, SK: `PRODUCT#${n}`, title: n, price: 2 }));

describe('an attribute that tells the kind', () => {
  const typed = (name: string) => [
    { id: '1', [name]: 'invoice', total: 5, due: '2026-01-01' },
    { id: '2', [name]: 'invoice', total: 6, due: '2026-01-01' },
    { id: '3', [name]: 'CreditNote', reason: 'x', refunded: true },
  ];

  test.each(['type', 'entityType', '_et', '__typename', 'kind', 'documentCategory'])(
    '%s makes a view of each of its words',
    (name) => {
      expect(viewsOf(typed(name))).toEqual([
        { name: 'credit_note', where: { path: name, equals: 'CreditNote' } },
        { name: 'invoice', where: { path: name, equals: 'invoice' } },
      ]);
    },
  );

  test('makes none if the items have the same attributes whatever it says', () => {
    expect(viewsOf(['gold', 'silver'].map((type) => ({ id: type, type, points: 5, since: 1 })))).toEqual([]);
  });

  test('makes none if its words are too many', () => {
    const items = Array.from({ length: 60 }, (_, n) => ({
      id: `${n}`,
      type: `t${'x'.repeat(n)}`,
      [`only${n % 2}`]: n,
    }));

    expect(viewsOf(items)).toEqual([]);
  });

  test('leaves to the view of all items what all kinds have, and what is in no kind', () => {
    const items = [...typed('type'), { id: '4', legacy: 'x' }];

    expect(proposalOf(items).columns.map(({ name }) => name)).toEqual(['id', 'legacy', 'type']);
    expect(proposalOf(items).views?.map(({ columns }) => columns.map(({ name }) => name))).toEqual([
      ['id', 'reason', 'refunded', 'type'],
      ['due', 'id', 'total', 'type'],
    ]);
  });

  test('has the presence of a column in its own items', () => {
    expect(proposalOf(typed('type')).views?.[1]?.columns[0]?.description).toBe('In all 2 items.');
  });
});

describe('the beginnings of keys', () => {
  test('make a view of each kind, of which no item is of two', () => {
    expect(viewsOf([...CUSTOMERS, ...ORDERS, ...PRODUCTS])).toEqual(
      [
        {
          name: 'customer',
          where: [
            { path: 'PK', prefix: 'CUSTOMER#' },
            { path: 'SK', equals: 'PROFILE' },
          ],
        },
        {
          name: 'Orders_order',
          where: [
            { path: 'PK', prefix: 'CUSTOMER#' },
            { path: 'SK', prefix: 'ORDER#' },
          ],
        },
        { name: 'Orders_order__lines', where: expect.anything() },
        {
          name: 'product',
          where: [
            { path: 'PK', prefix: 'PRODUCT#' },
            { path: 'SK', prefix: 'PRODUCT#' },
          ],
        },
      ].sort((a, b) => (a.name.includes('__') ? 1 : b.name.includes('__') ? -1 : 0)),
    );
  });

  test('are asked of the attributes that differ only', () => {
    expect(viewsOf([...CUSTOMERS, ...ORDERS])).toMatchObject([
      { where: { path: 'SK', equals: 'PROFILE' } },
      { where: { path: 'SK', prefix: 'ORDER#' } },
      {},
    ]);
  });

  test('are looked for in the keys that are told', () => {
    const items = [...CUSTOMERS, ...PRODUCTS].map(({ PK, SK, ...item }) => ({ tenant: PK, thing: SK, ...item }));

    expect(viewsOf(items)).toEqual([]);
    expect(viewsOf(items, ['tenant', 'thing']).map(({ name }) => name)).toEqual(['customer', 'product']);
  });

  test('make no view of items that nothing tells from others', () => {
    const readings = [{ PK: 'CUSTOMER#1', SK: '2026-01-01', reading: 5, unit: 'x' }];

    expect(viewsOf([...CUSTOMERS, ...ORDERS, ...readings]).map(({ name }) => name)).toEqual([
      'customer',
      'Orders_order',
      'Orders_order__lines',
    ]);
    expect(proposalOf([...CUSTOMERS, ...ORDERS, ...readings]).columns.map(({ name }) => name)).toContain('reading');
  });

  test('that are ids make no views', () => {
    expect(viewsOf(['u1', 'u2'].map((id) => ({ PK: `${id}#x`, SK: `${id}#y`, [`only_${id}`]: 1, also: 2 })))).toEqual(
      [],
    );
  });

  test('with words between them put the more telling word first, and both where one is not enough', () => {
    const settings = CUSTOMERS.map(({ PK }) => ({ PK, SK: 'SETTINGS', theme: 'dark', locale: 'de' }));

    expect(viewsOf([...CUSTOMERS, ...settings, ...PRODUCTS]).map(({ name }) => name)).toEqual([
      'customer_profile',
      'customer_settings',
      'product',
    ]);
  });
});

test('a surest attribute goes before the keys, and the keys before others', () => {
  const items = (name: string) => [
    ...CUSTOMERS.map((item) => ({ ...item, [name]: 'Person' })),
    ...ORDERS.map((item) => ({ ...item, [name]: 'Sale' })),
  ];

  expect(viewsOf(items('entityType'))[0]).toEqual({ name: 'person', where: { path: 'entityType', equals: 'Person' } });
});

describe('names of views that queries would have to quote', () => {
  const typed = (...types: readonly string[]) =>
    types.map((type, n) => ({ id: `${n}`, type, [`only${n}`]: 1, [`also${n}`]: 1 }));
  const namesIn = (table: string, items: readonly PlainItem[], taken: readonly string[] = []) => {
    const facts = new ItemFacts([]);
    for (const item of items) facts.addJson(item);
    return (proposeSchema(table, facts, { taken }).views ?? []).map(({ name }) => name);
  };

  test('are plurals', () => {
    const kinds = typed('Order', 'SET', 'user', 'case', 'match', 'hash');

    expect(namesIn('Shop', kinds).toSorted()).toEqual(['cases', 'hashes', 'match', 'orders', 'sets', 'users']);
  });

  test('begin with the table’s name where the plural is taken or reserved, or there is none', () => {
    const kinds = typed('order', 'default', 'group');

    expect(namesIn('Orders', kinds)).toEqual(['Orders_default', 'Orders_group', 'Orders_order']);
    expect(namesIn('my-shop', kinds, ['orders'])).toEqual(['my_shop_default', 'my_shop_group', 'my_shop_order']);
  });

  test('are given to the views of their lists, too', () => {
    const kinds = [
      { ...typed('order')[0], lines: [{ sku: 'a' }] },
      { id: '7', type: 'x', other: 1, more: 2 },
    ];

    expect(namesIn('Shop', kinds)).toEqual(['orders', 'x', 'orders__lines']);
  });

  test('are all that DuckDB reserves', async () => {
    const connection = await DuckDBConnection.create();
    const read = await connection.runAndReadAll(
      "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category IN ('reserved', 'type_function')",
    );
    connection.closeSync();

    expect(read.getRows().length).toBeGreaterThan(90);
    expect(read.getRows().flatMap(([word]) => (isReserved(String(word)) ? [] : [word]))).toEqual([]);
  });
});

test('a kind of both keys has the word once', () => {
  const users = [
    { PK: 'USER#1', SK: 'USER#1', a: 1, b: 1 },
    { PK: 'ORG#1', SK: 'USER#1', c: 1, d: 1 },
  ];

  expect(
    viewsOf(users)
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(['org_user', 'users']);
});

test('names of views are none of the table’s own, nor reserved, nor the same', () => {
  const items = ['orders', 'Orders_latest', 'orders_changelog', 'tailrace_x', 'a b', 'a-b'].map((type, n) => ({
    id: `${n}`,
    type,
    [`only${'x'.repeat(n)}`]: 1,
    [`also${'x'.repeat(n)}`]: 1,
  }));

  expect(viewsOf(items).map(({ name }) => name)).toEqual([
    'orders_latest_items',
    'a_b',
    'a_b_2',
    'orders_items',
    'orders_changelog_items',
    'tailrace_x_items',
  ]);
});
