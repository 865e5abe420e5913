import { expect, test } from 'vitest';
import { printJson } from '../../../../src/schema/infer/print-json.ts';

test('prints what fits on a line on one line, and several objects of a list each on its own', () => {
  const schema = {
    table: 'Orders',
    columns: [
      { name: 'a', type: 'STRING' },
      { name: 'city', type: 'STRING', path: ['address', 'city'], description: 'In all 3 items.' },
    ],
    views: [{ name: 'lines', unnest: ['lines'], where: { path: 'type', equals: 'x' }, columns: [] }],
  };

  expect(printJson(schema)).toBe(`{
  "table": "Orders",
  "columns": [
    { "name": "a", "type": "STRING" },
    {
      "name": "city",
      "type": "STRING",
      "path": ["address", "city"],
      "description": "In all 3 items."
    }
  ],
  "views": [
    {
      "name": "lines",
      "unnest": ["lines"],
      "where": { "path": "type", "equals": "x" },
      "columns": []
    }
  ]
}`);
});

test('fills a line to its eightieth character, with the comma behind it', () => {
  const member = (length: number) => ({ a: { b: 'x'.repeat(length) }, c: 1 });

  expect(printJson(member(61)).split('\n')[1]).toHaveLength(80);
  expect(printJson(member(62)).split('\n')).toHaveLength(6);
});

test('prints any JSON as it was', () => {
  const value = {
    '': [],
    'a"b': {},
    c: [1, 'two\n', null, true, [[]]],
    d: [{}, {}],
    e: [
      [1, 2],
      [3, 4],
    ],
  };

  expect(JSON.parse(printJson(value))).toEqual(value);
});
