import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layOut, listOf } from '../../../../cli/terminal/table.ts';

const tableOf = (result: Parameters<typeof layOut>[0], width: number | null = null) =>
  layOut(result, width).blocks.join('\n');

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
  const texts = layOut({ columns, rows }, null).blocks;

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

describe('on a terminal', () => {
  const item = { id: 'order-1', name: 'Ann Example', address: { city: 'Vienna', street: 'Ring 1' }, total: 42 };

  test('what fits is shown as it is elsewhere', () => {
    const result = { columns: ['key', 'item'], rows: [['["order-1"]', item]] };
    const whole = tableOf(result);

    expect(layOut(result, whole.indexOf('\n'))).toEqual({ blocks: [whole], isCut: false });
  });

  test('JSON is cut in its middle, as little as the width needs', () => {
    const result = {
      columns: ['key', 'item', 'n'],
      rows: [
        ['["order-1"]', item, 1],
        ['["order-2"]', null, 200],
      ],
    };

    const { blocks, isCut } = layOut(result, 60);

    expect(blocks.join('\n').split('\n')).toEqual([
      '┌─────────────┬──────────────────────────────────────┬─────┐',
      '│ key         │ item                                 │   n │',
      '├─────────────┼──────────────────────────────────────┼─────┤',
      '│ ["order-1"] │ {"id":"order-1","n…g 1"},"total":42} │   1 │',
      '│ ["order-2"] │ NULL                                 │ 200 │',
      '└─────────────┴──────────────────────────────────────┴─────┘',
    ]);
    expect(isCut).toBe(true);
  });

  test('of several columns of JSON each gets its part', () => {
    const result = { columns: ['a', 'b', 'c'], rows: [[item, [1], item]] };

    const [line = ''] = tableOf(result, 80).split('\n').slice(3);

    expect(line).toHaveLength(79);
    expect(line.split('│').map((part) => part.trim().length)).toEqual([0, 33, 3, 33, 0]);
    expect(line).toContain('[1]');
  });

  test('text is never cut: rows that are too wide for it become records', () => {
    const result = {
      columns: ['key', 'note', 'item'],
      rows: [
        ['a', 'a note of several words that does not fit in one line of it', item],
        ['b', '', null],
      ],
    };

    const { blocks, isCut } = layOut(result, 40);

    expect(blocks.join('\n').split('\n')).toEqual([
      '─[ 1 ]──────────────────────────────────',
      'key   a',
      'note  a note of several words that does',
      '      not fit in one line of it',
      'item  {"id":"order-1","… 1"},"total":42}',
      '─[ 2 ]──────────────────────────────────',
      'key   b',
      'note',
      'item  NULL',
    ]);
    expect(isCut).toBe(true);
  });

  test('rows of many columns become records, without JSON as well', () => {
    const columns = Array.from({ length: 20 }, (_, index) => `column ${index}`);
    const { blocks, isCut } = layOut({ columns, rows: [columns] }, 80);

    expect(blocks.join('\n').split('\n')).toHaveLength(21);
    expect(isCut).toBe(false);
  });

  test('rows of a large result are all tables or all records', () => {
    const rows = Array.from({ length: 2_500 }, (_, n) => [n === 2_400 ? 'x'.repeat(100) : 'x']);

    expect(layOut({ columns: ['text'], rows }, 80).blocks).toHaveLength(2_500);
  });

  test.each([
    ['wide characters', '東京都千代田区'],
    ['emoji', '👩‍👩‍👧‍👦👍🏽🇦🇹'],
    ['marks', 'e\u0301\u0323o\u0308'],
    ['a large attribute', 'x'.repeat(40_000)],
  ])('%s are measured as a terminal shows them', (_, text) => {
    const { blocks } = layOut({ columns: ['item'], rows: [[{ text: text.repeat(30) }]] }, 30);

    const border = blocks[0]?.split('\n')[0] ?? '';
    expect(border).toMatch(/^┌─{24,28}┐$/);
  });

  test('no line is wider than the terminal, and without one everything is shown', () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.integer(),
      fc.string(),
      fc.record({ a: fc.string(), b: fc.array(fc.string()) }),
    );
    const result = fc.integer({ min: 1, max: 6 }).chain((size) =>
      fc.record({
        columns: fc.array(fc.string(), { minLength: size, maxLength: size }),
        rows: fc.array(fc.array(value, { minLength: size, maxLength: size }), { minLength: 1, maxLength: 4 }),
      }),
    );
    fc.assert(
      fc.property(result, fc.integer({ min: 30, max: 200 }), (result, width) => {
        for (const line of tableOf(result, width).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
        expect(layOut(result, null).isCut).toBe(false);
        expect(tableOf(result)).not.toContain('…');
      }),
    );
  });
});
