import { describe, expect, test } from 'vitest';
import { columnOf, proposalOf } from '../../../support/values/proposals.ts';

const names = (items: Parameters<typeof proposalOf>[0]) => proposalOf(items).columns.map(({ name }) => name);

test('a map has a column for each member, with its path', () => {
  expect(proposalOf([{ address: { city: 'Kiel', geo: { lat: 54.3 } } }]).columns).toMatchObject([
    { name: 'address_city', type: 'STRING', path: ['address', 'city'] },
    { name: 'address_geo_lat', type: 'NUMERIC', path: ['address', 'geo', 'lat'] },
  ]);
});

test('a member of its map’s name gives the name once', () => {
  expect(names([{ user: { user: 'x', name: 'y' } }])).toEqual(['user_name', 'user']);
});

test('lists and sets of scalars are REPEATED', () => {
  expect(columnOf([['a', 'b'], []])).toMatchObject({ type: 'STRING', mode: 'REPEATED' });
  expect(columnOf([new Set([1, 2.5])])).toMatchObject({ type: 'NUMERIC', mode: 'REPEATED' });
  expect(columnOf([['a', 1]])).toMatchObject({ type: 'STRING', mode: 'REPEATED' });
});

test.each([
  ['a NULL among the elements', [['a', null]]],
  ['lists within the list', [[['a']]]],
  ['objects beside scalars', [['a', { b: 1 }]]],
  ['no elements at all', [[]]],
])('a list with %s is JSON', (_, values) => {
  const { type, mode } = columnOf(values);

  expect({ type, mode }).toEqual({ type: 'JSON', mode: undefined });
});

test('a list of maps is a view of its own, with the key first and names without that of the list', () => {
  const items = [{ PK: 'x1', lines: [{ sku: 'tea', tags: ['a'], size: { cm: 5 } }, { sku: 'cup' }] }];

  const { columns, views } = proposalOf(items);

  expect(columns.map(({ name }) => name)).toEqual(['PK']);
  expect(views).toEqual([
    {
      name: 'Orders__lines',
      unnest: ['lines'],
      columns: [
        { name: 'PK', type: 'STRING', description: 'In the only item.' },
        {
          name: 'size_cm',
          type: 'INT64',
          path: ['lines', { each: true }, 'size', 'cm'],
          description: 'In 50 % of 2 elements.',
        },
        { name: 'sku', type: 'STRING', path: ['lines', { each: true }, 'sku'], description: 'In all 2 elements.' },
        {
          name: 'tags',
          type: 'STRING',
          mode: 'REPEATED',
          path: ['lines', { each: true }, 'tags'],
          description: 'In 50 % of 2 elements.',
        },
      ],
    },
  ]);
});

describe('JSON within text', () => {
  test('has a column for each member, behind a step into the text', () => {
    expect(proposalOf([{ payload: '{"user":{"id":17},"ok":true}' }]).columns).toEqual([
      {
        name: 'payload_ok',
        type: 'BOOL',
        path: ['payload', { json: true }, 'ok'],
        description: 'In the only item. From JSON within text.',
      },
      {
        name: 'payload_user_id',
        type: 'INT64',
        path: ['payload', { json: true }, 'user', 'id'],
        description: 'In the only item. From JSON within text.',
      },
    ]);
  });

  test('takes numbers as they are spelled', () => {
    const typeOf = (json: string) => proposalOf([{ p: json }]).columns[0]?.type;

    expect(typeOf('{"n":5.00}')).toBe('NUMERIC');
    expect(typeOf('{"n":1e3}')).toBe('STRING');
    expect(typeOf('{"n":12345678901234567890}')).toBe('NUMERIC');
  });

  test('is text where any of the texts is not JSON', () => {
    expect(columnOf(['{"a":1}', '{x}'])).toMatchObject({ type: 'STRING' });
    expect(columnOf(['{"a":1}', 'none'])).toMatchObject({ type: 'STRING' });
  });

  test('that is a list of maps is a view, and no step but names is in its name and its columns’', () => {
    const items = [{ id: 'a', lines: '[{"sku":"tea","qty":2,"id":"l"}]' }];

    expect(proposalOf(items, ['id']).views).toMatchObject([
      {
        name: 'Orders__lines',
        unnest: ['lines', { json: true }],
        columns: [
          { name: 'id' },
          { name: 'lines_id' },
          { name: 'qty', path: ['lines', { json: true }, { each: true }, 'qty'] },
          { name: 'sku' },
        ],
      },
    ]);
  });

  test('that is a list is REPEATED', () => {
    expect(columnOf(['[1,2]'])).toMatchObject({ type: 'INT64', mode: 'REPEATED', path: ['a', { json: true }] });
  });
});

describe('names that are data', () => {
  const numbered = (count: number, prefix: string) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`${prefix}${n}`, n]));

  test('make one JSON column of a map: very many, or ids', () => {
    expect(columnOf([numbered(101, 'name')])).toMatchObject({ name: 'a', type: 'JSON' });
    expect(columnOf([numbered(3, '')])).toMatchObject({ type: 'JSON' });
    expect(columnOf([{ 'bob@example.com': 1, total: 2 }])).toMatchObject({ type: 'JSON' });
    expect(columnOf([{ '0b1c2d3e-0000-4000-8000-0123456789ab': { x: 1 } }]).description).toBe(
      'In the only item. A map whose names are data.',
    );
  });

  test('that come and go with one type make one JSON column, too', () => {
    expect(
      columnOf(Array.from({ length: 20 }, (_, n) => ({ [`tenant${'abcdefghijklmnopqrst'[n]}`]: n }))),
    ).toMatchObject({
      type: 'JSON',
    });
  });

  const PEOPLE = 'anna uwe bob carla dora emil fritz gina hans ida jan kai lea max nina otto paul rosa sven tom'.split(
    ' ',
  );
  /** Maps with some of the names each, as people come and go. */
  const teams = (size: number, value: (n: number) => unknown) =>
    Array.from({ length: 30 }, (_, n) =>
      Object.fromEntries(
        Array.from({ length: 1 + ((n * 7) % size) }, (_, m) => [PEOPLE[(n * 3 + m * 7) % 20], value(m)]),
      ),
    );

  test.each<[string, readonly unknown[]]>([
    ['points by first names', teams(10, (n) => n)],
    ['words by first names', teams(5, (n) => `${n}`)],
    ['votes by first names', teams(8, (n) => n > 2)],
    [
      'points of few items',
      [
        { anna: 3, uwe: 5, bob: 1, ida: 2, jan: 4 },
        { carla: 3, dora: 5, emil: 1, max: 2, lea: 1 },
      ],
    ],
  ])('%s make one JSON column', (_, values) => {
    expect(columnOf(values)).toMatchObject({ type: 'JSON', description: expect.stringContaining('names are data') });
  });

  const named = (names: string, value: unknown) => Object.fromEntries(names.split(' ').map((name) => [name, value]));
  const switches = named('mail push sms dark beta sound badge help tips sync', true);

  test.each<[string, readonly unknown[]]>([
    ['settings that all have', [switches, switches]],
    ['settings that most don’t have at all', [switches, {}, {}, {}, {}, {}]],
    [
      'an address of optional texts',
      [
        ...teams(1, () => '').map(() => named('street zip city', 'x')),
        named('street zip city line2 line3 state county country', 'x'),
      ],
    ],
    [
      'totals of which one is always there',
      Array.from({ length: 10 }, (_, n) => ({
        net: 1,
        ...named(['tax', 'tip', 'fee', 'toll', 'duty', 'gift', 'bonus'][n % 7] as string, 1),
      })),
    ],
    [
      'few names',
      [
        { a: 1, b: 2 },
        { c: 1, d: 2 },
        { e: 1, f: 2 },
      ],
    ],
  ])('are of a model where they are those of %s', (_, values) => {
    expect(columnOf(values).type).not.toBe('JSON');
  });

  test('make no columns of an item', () => {
    expect(names([{ id: 'a', '0b1c2d3e-0000-4000-8000-0123456789ab': 1, 'bob@example.com': 2 }])).toEqual(['id']);
  });

  test('are no data where they name the key', () => {
    const items = [{ 'pk#1': 'a', 'row@id': 'b', z: 1 }];

    expect(proposalOf(items, ['pk#1', 'row@id']).columns.map(({ path }) => path)).toEqual([
      'pk#1',
      'row@id',
      undefined,
    ]);
  });

  test('of an item are bounded, whatever the order of items', () => {
    const items = Array.from({ length: 1_200 }, (_, n) => ({
      [`name_${String.fromCharCode(97 + (n % 26))}${'x'.repeat(n / 26)}`]: 1,
    }));

    expect(names(items)).toHaveLength(1_000);
    expect(names(items.toReversed())).toEqual(names(items));
  });

  test('deeper than eight steps make one JSON column', () => {
    const deep = (levels: number): unknown => (levels === 0 ? 1 : { b: deep(levels - 1) });

    expect(columnOf([deep(20)])).toMatchObject({ type: 'JSON', path: ['a', 'b', 'b', 'b', 'b', 'b', 'b', 'b'] });
  });
});

describe('composite texts', () => {
  test('have a column for each part that differs, named for the word before it', () => {
    expect(proposalOf([{ PK: 'DEVICE#001' }, { PK: 'DEVICE#002' }]).columns).toMatchObject([
      { name: 'PK', type: 'STRING' },
      { name: 'device_id', type: 'STRING', path: 'PK', split: { separator: '#', index: 1 } },
    ]);
  });

  test('have typed parts where the parts are times', () => {
    expect(proposalOf([{ SK: 'READ#2026-11-22|a' }, { SK: 'READ#2026-11-23|a' }]).columns[1]).toMatchObject({
      name: 'read_id',
    });
    expect(names([{ PK: 'user:1' }, { PK: 'user:2' }])).toEqual(['PK', 'user_id']);
    expect(proposalOf([{ SK: 'A#2026-11-22#x' }, { SK: 'A#2026-11-23#y' }]).columns.slice(1)).toMatchObject([
      { name: 'SK_part_2', type: 'DATE' },
      { name: 'SK_part_3', type: 'STRING' },
    ]);
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ['a date and an id', ['ORDER#2026-11-22#x', 'ORDER#2026-11-23#y'], ['order_date', 'order_id']],
    ['a time alone', ['LOG#2026-11-22T09:30:00Z', 'LOG#2026-11-23T09:30:00Z'], ['log_time']],
    ['several parts', ['ORDER#a#b', 'ORDER#c#d'], ['order_part_2', 'order_part_3']],
    ['parts of several words', ['ORG#a#USER#b', 'ORG#c#USER#d'], ['org_id', 'user_id']],
    ['a word behind the part', ['a#LOG', 'b#LOG'], ['SK_part_1']],
  ])('are named for the word before them: %s', (_, keys, expected) => {
    expect(names(keys.map((SK) => ({ SK }))).slice(1)).toEqual(expected);
  });

  test('have the parts of a sort key that always is the partition key once', () => {
    const keys = (apart: string) => ['1', '2'].map((n) => ({ PK: `ITEM#${n}`, SK: `ITEM#${n}${apart}` }));

    expect(names(keys(''))).toEqual(['PK', 'item_id', 'SK']);
    expect(names(keys('x'))).toEqual(['PK', 'item_id', 'SK', 'item_id_2']);
    expect(names(keys('#LINE#a').map((item, n) => ({ ...item, SK: `${item.SK}${n}` })))).toEqual([
      'PK',
      'item_id',
      'SK',
      'line_id',
    ]);
    expect(
      names([
        { PK: 'ITEM#1', SK: 'ITEM#1' },
        { PK: 'ITEM#2', SK: 'ITEM#3' },
      ]),
    ).toContain('item_id_2');
  });

  test.each([
    ['the number of parts differs', ['A#1', 'A#1#2']],
    ['one has no separator', ['A#1', 'B']],
    ['a part is empty', ['A#1', 'A#']],
    ['all are the same', ['A#1', 'A#1']],
    ['they are addresses', ['https://a.example', 'https://b.example']],
    ['they are MAC addresses', ['aa:bb:cc:dd:ee:01', 'ab:bb:cc:dd:ee:02']],
    ['they are MAC addresses of one maker', ['aa:bb:cc:dd:ee:01', 'aa:bb:cc:dd:ee:02']],
    ['they are ARNs', ['arn:aws:s3:::a', 'arn:aws:s3:::b']],
    ['they are ARNs of all parts', ['arn:aws:sns:eu:1:a', 'arn:aws:sns:eu:1:b']],
    ['words before colons differ', ['a:1', 'b:2']],
  ])('have no parts where %s', (_, keys) => {
    expect(names(keys.map((PK) => ({ PK })))).toEqual(['PK']);
  });

  test('of an index are left whole', () => {
    expect(
      names([
        { GSI1PK: 'A#1', PK2: 'B#1' },
        { GSI1PK: 'A#2', PK2: 'B#2' },
      ]),
    ).toEqual(['GSI1PK', 'PK2']);
  });

  test('have parts where they are the key, whatever its name', () => {
    const items = ['1', '2'].map((n) => ({ pk1: `A#${n}`, sk1: `LOG#${n}` }));

    expect(names(items)).toEqual(['pk1', 'sk1']);
    expect(proposalOf(items, ['pk1', 'sk1']).columns.map(({ name }) => name)).toContain('log_id');
  });

  test('leave an attribute its name', () => {
    expect(
      names([
        { PK: 'USER#1', user_id: '1' },
        { PK: 'USER#2', user_id: '2' },
      ]),
    ).toEqual(['PK', 'user_id_2', 'user_id']);
  });
});
