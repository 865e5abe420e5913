import { describe, expect, test } from 'vitest';
import type { Path } from '../../../src/schema/path.ts';
import type { Condition, SchemaColumn } from '../../../src/schema/schema.ts';
import { readTypedColumns } from '../../../src/schema/stored-columns.ts';
import { columnsOfViews, elementsColumn, testColumn, typedColumn } from '../../../src/schema/typed-column.ts';
import type { TypedView } from '../../../src/schema/typed-view.ts';

const TOTAL: SchemaColumn = {
  name: 'total',
  type: 'NUMERIC',
  description: 'What it costs.',
  cluster: false,
  path: ['total'],
};

const nameOf = (parts: Partial<SchemaColumn>) => typedColumn({ ...TOTAL, ...parts }).name;

describe('the name of a typed column', () => {
  test('is that of the column and eight digits of its definition, which never change', () => {
    expect(typedColumn(TOTAL)).toEqual({
      name: expect.stringMatching(/^total_[0-9a-f]{8}$/),
      type: 'NUMERIC',
      path: ['total'],
      cluster: false,
    });
    expect(nameOf({})).toBe('total_18f57c40');
  });

  test.each<[string, Partial<SchemaColumn>]>([
    ['type', { type: 'BIGNUMERIC' }],
    ['path', { path: ['sum', 'total'] }],
    ['path: a name and an index differ', { path: ['total', 0] }],
    ['path: the text there is JSON', { path: ['total', { json: true }] }],
    ['mode', { mode: 'REPEATED' }],
    ['part', { split: { separator: '#', index: 1 } }],
  ])('is another with another %s', (_, parts) => {
    expect(nameOf(parts)).not.toBe(nameOf({}));
  });

  test.each<[string, Partial<SchemaColumn>, Partial<SchemaColumn>]>([
    ['format', { format: 'epoch_seconds' }, { format: 'epoch_milliseconds' }],
    ['format of the same pattern', { type: 'DATETIME' }, { type: 'DATETIME', format: 'iso8601_local' }],
    [
      'zone',
      { type: 'DATE', format: 'iso8601', zone: 'Europe/Berlin' },
      { type: 'DATE', format: 'iso8601', zone: 'Europe/Rome' },
    ],
    ['separator', { split: { separator: '#', index: 1 } }, { split: { separator: '/', index: 1 } }],
    ['part', { split: { separator: '#', index: 1 } }, { split: { separator: '#', index: -1 } }],
  ])('is another with another %s', (_, one, other) => {
    expect(nameOf(one)).not.toBe(nameOf(other));
  });

  test('of a test is another with another condition', () => {
    const tests: readonly Condition[] = [
      { path: ['a'], equals: '1' },
      { path: ['a'], equals: 1 },
      { path: ['a'], equals: true },
      { path: ['a'], prefix: '1' },
      { path: ['a'], exists: true },
      { path: ['a'], exists: false },
      { path: ['b'], exists: false },
    ];

    expect(new Set(tests.map((condition) => testColumn(condition).name)).size).toBe(tests.length);
    expect(testColumn({ path: ['a'], equals: '1' })).toMatchObject({ type: 'BOOL', test: { equals: '1' } });
  });

  test('of the elements of a list is another with other columns of the same number', () => {
    const view = (type: SchemaColumn['type'], path: Path = ['lines', { each: true }, 'n']): TypedView => ({
      name: 'lines',
      unnest: ['lines'],
      columns: [{ ...TOTAL, type, path }],
    });
    const nameOfList = (one: TypedView) => elementsColumn(one)?.name;

    expect(nameOfList(view('INT64'))).not.toBe(nameOfList(view('NUMERIC')));
    expect(nameOfList(view('INT64'))).not.toBe(nameOfList(view('INT64', ['lines', { each: true }, 'm'])));
    expect(nameOfList(view('INT64'))).toMatch(/^lines_[0-9a-f]{8}$/);
  });

  test('an index and the same digits as a name are two paths', () => {
    expect(nameOf({ path: ['list', 0] })).not.toBe(nameOf({ path: ['list', '0'] }));
  });

  test('is the same with another description, and where snapshots are clustered by it', () => {
    expect(nameOf({ description: null, cluster: true })).toBe(nameOf({}));
  });

  test('has no more than 300 characters, and long names that begin alike differ by their definition', () => {
    const name = 'n'.repeat(300);
    expect(nameOf({ name })).toHaveLength(300);
    expect(nameOf({ name })).not.toBe(nameOf({ name, path: ['other'] }));
  });
});

describe('typed columns', () => {
  test('have each definition once, however many views share it', () => {
    expect(
      columnsOfViews([{ name: 'x', columns: [TOTAL, { ...TOTAL, description: null }, { ...TOTAL, path: ['sum'] }] }]),
    ).toEqual([typedColumn(TOTAL), typedColumn({ ...TOTAL, path: ['sum'] })]);
  });

  test.each([
    [true, false],
    [false, true],
  ])('are clustered by where one of the views that share it asks for it', (...clusters) => {
    const [column] = columnsOfViews([{ name: 'x', columns: clusters.map((cluster) => ({ ...TOTAL, cluster })) }]);

    expect(column).toEqual({ ...typedColumn(TOTAL), cluster: true });
  });

  test('two columns of one definition whose names differ in case alone are one: warehouses ignore case', () => {
    expect(columnsOfViews([{ name: 'x', columns: [TOTAL, { ...TOTAL, name: 'Total' }] }])).toHaveLength(1);
  });

  test('have the policy tag that one of the views that share it gives', () => {
    const columns = [TOTAL, { ...TOTAL, policyTags: ['tag'] }];

    expect(columnsOfViews([{ name: 'x', columns }])).toEqual([{ ...typedColumn(TOTAL), policyTags: ['tag'] }]);
  });

  test('of every kind of view come back out of JSON as they went into it', () => {
    const each = { each: true } as const;
    const columns = columnsOfViews([
      {
        name: 'x',
        columns: [
          { ...TOTAL, name: 'a', type: 'DATE', format: 'epoch_seconds', zone: 'UTC', policyTags: ['tag'] },
          { ...TOTAL, name: 'b', mode: 'REPEATED', path: ['p', { json: true }, 'l', each] },
          { ...TOTAL, name: 'c', split: { separator: '#', index: -1 } },
        ],
        where: [
          { path: ['a'], equals: 1.5 },
          { path: ['a'], prefix: '"' },
          { path: ['a'], exists: false },
        ],
      },
      { name: 'y', unnest: ['l'], columns: [{ ...TOTAL, path: ['l', each, 'n'] }] },
    ]);

    expect(columns).toHaveLength(7);
    expect(readTypedColumns(JSON.parse(JSON.stringify(columns)))).toEqual(columns);
  });

  test('come back out of JSON as they went into it', () => {
    const columns = columnsOfViews([
      { name: 'x', columns: [TOTAL, { ...TOTAL, name: 'first', type: 'JSON', path: ['lines', 0, 'a.b'] }] },
    ]);

    expect(readTypedColumns(JSON.parse(JSON.stringify(columns)))).toEqual(columns);
  });

  test.each<[string, unknown]>([
    ['no list', {}],
    ['no object', ['total']],
    ['no name', [{ type: 'NUMERIC', cluster: false, path: [] }]],
    ['an unknown type', [{ name: 'a', type: 'MONEY', cluster: false, path: [] }]],
    ['a type that every object has', [{ name: 'a', type: 'toString', cluster: false, path: [] }]],
    ['nothing said of clusters', [{ name: 'a', type: 'NUMERIC', path: [] }]],
    ['no path', [{ name: 'a', type: 'NUMERIC', cluster: false, path: 'total' }]],
    ['an unknown format', [{ name: 'a', type: 'DATE', cluster: false, path: [], format: 'toString' }]],
    ['a zone that is none', [{ name: 'a', type: 'DATE', cluster: false, path: [], zone: 5 }]],
    ['a mode that is none', [{ name: 'a', type: 'DATE', cluster: false, path: [], mode: 'REQUIRED' }]],
    ['half a part', [{ name: 'a', type: 'STRING', cluster: false, path: [], split: { separator: '#' } }]],
    ['a tag that is none', [{ name: 'a', type: 'STRING', cluster: false, path: [], policyTags: [5] }]],
    ['a test that is none', [{ name: 'a', type: 'BOOL', cluster: false, path: [], test: {} }]],
    ['an element that is none', [{ name: 'a', type: 'JSON', cluster: false, path: [], elements: [5] }]],
    ['a step of an unknown kind', [{ name: 'a', type: 'DATE', cluster: false, path: [{ all: true }] }]],
    ['a step that is none', [{ name: 'a', type: 'NUMERIC', cluster: false, path: [1.5] }]],
  ])('are not read out of JSON with %s', (_, json) => {
    expect(readTypedColumns(json)).toBeUndefined();
  });
});
