import { describe, expect, test } from 'vitest';
import type { SchemaColumn } from '../../../src/schema/schema.ts';
import { readTypedColumns } from '../../../src/schema/stored-columns.ts';
import { typedColumn, typedColumns } from '../../../src/schema/typed-column.ts';

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
  ])('is another with another %s', (_, parts) => {
    expect(nameOf(parts)).not.toBe(nameOf({}));
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
    expect(typedColumns([TOTAL, { ...TOTAL, description: null }, { ...TOTAL, path: ['sum'] }])).toEqual([
      typedColumn(TOTAL),
      typedColumn({ ...TOTAL, path: ['sum'] }),
    ]);
  });

  test.each([
    [true, false],
    [false, true],
  ])('are clustered by where one of the views that share it asks for it', (...clusters) => {
    const [column] = typedColumns(clusters.map((cluster) => ({ ...TOTAL, cluster })));

    expect(column).toEqual({ ...typedColumn(TOTAL), cluster: true });
  });

  test('two columns of one definition whose names differ in case alone are one: warehouses ignore case', () => {
    expect(typedColumns([TOTAL, { ...TOTAL, name: 'Total' }])).toHaveLength(1);
  });

  test('come back out of JSON as they went into it', () => {
    const columns = typedColumns([TOTAL, { ...TOTAL, name: 'first', type: 'JSON', path: ['lines', 0, 'a.b'] }]);

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
    ['a step that is none', [{ name: 'a', type: 'NUMERIC', cluster: false, path: [1.5] }]],
  ])('are not read out of JSON with %s', (_, json) => {
    expect(readTypedColumns(json)).toBeUndefined();
  });
});
