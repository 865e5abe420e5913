import { expect, test } from 'vitest';
import { problemOfName } from '../../../../src/schema/column-name.ts';
import { columnName, distinctNames } from '../../../../src/schema/infer/column-names.ts';
import { proposalOf } from '../../../support/values/proposals.ts';

test.each([
  [['createdAt'], 'createdAt'],
  [['address', 'city'], 'address_city'],
  [['utm.source'], 'utm_source'],
  [['Größe'], 'Grosse'],
  [['lines', { each: true } as const, 'sku'], 'lines_sku'],
  [['1st'], '_1st'],
  [['日本'], 'column_'],
  [['_PARTITIONTIME'], 'item_PARTITIONTIME'],
  [['position'], 'item_position'],
  [['Changed_At'], 'item_Changed_At'],
  [['x'.repeat(400)], 'x'.repeat(290)],
])('%j is named %s', (path, name) => {
  expect(columnName(path)).toBe(name);
  expect(problemOfName(name)).toBeUndefined();
});

test('names that differ in case alone get a number', () => {
  expect(distinctNames(['a', 'A', 'a_2', 'b'], ['B'])).toEqual(['a', 'A_2', 'a_2_2', 'b_2']);
});

test('a path stands with every column of another name than its attribute', () => {
  const { columns } = proposalOf([{ Name: 'x', name: 'y', 'a.b': 1, a_b: 2 }]);

  expect(columns).toMatchObject([
    { name: 'Name' },
    { name: 'a_b_2', path: 'a.b' },
    { name: 'a_b' },
    { name: 'name_2', path: 'name' },
  ]);
  expect(columns.filter(({ path }) => path === undefined).map(({ name }) => name)).toEqual(['Name', 'a_b']);
});
