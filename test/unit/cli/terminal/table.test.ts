import { expect, test } from 'vitest';
import { listOf, tablesOf } from '../../../../cli/terminal/table.ts';

const tableOf = (result: Parameters<typeof tablesOf>[0]) => [...tablesOf(result)].join('\n');

test('a table shows numbers to the right, JSON as text, and absent values as NULL', () => {
  const text = tableOf({
    columns: ['n', 'item'],
    rows: [
      [1, { b: [true] }],
      [200, null],
    ],
  });

  expect(text.split('\n').slice(3, -1)).toEqual(['│   1 │ {"b":[true]} │', '│ 200 │ NULL         │']);
});

test('a value can not reach the terminal: its control characters are shown, not obeyed', () => {
  const text = tableOf({ columns: ['\u001b[2J'], rows: [['line one\nline two \u001b]0;title\u0007']] });

  expect(text).not.toContain('\u001b');
  expect(text).toContain('line one line two \\u001b]0;title\\u0007');
});

test.each([
  ['no columns', [], [], 0],
  ['no rows', ['n'], [], 1],
  ['a thousand rows', ['n'], Array.from({ length: 1_000 }, (_, n) => [n]), 1],
  ['more rows than can be laid out at once', ['n'], Array.from({ length: 2_001 }, (_, n) => [n]), 3],
])('a result of %s is shown whole', (_, columns, rows, tables) => {
  const texts = [...tablesOf({ columns, rows })];

  expect(texts).toHaveLength(tables);
  expect(texts.flatMap((text) => text.split('\n').filter((line) => /^│ +\d+ │$/.test(line)))).toHaveLength(rows.length);
});

test('a list aligns its values', () => {
  expect(
    listOf([
      ['a', '1'],
      ['bcd', '2'],
    ]),
  ).toBe('a    1\nbcd  2');
});
