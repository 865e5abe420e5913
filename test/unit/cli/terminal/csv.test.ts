import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLines } from '../../../../cli/terminal/csv.ts';

const csvOf = (result: Parameters<typeof csvLines>[0]) => [...csvLines(result)].map((line) => `${line}\n`).join('');

test('CSV has the names of the columns, then the rows, each line ending as RFC 4180 says', () => {
  expect(
    csvOf({
      columns: ['key', 'n'],
      rows: [
        ['a', 1],
        ['b', 2],
      ],
    }),
  ).toBe('key,n\r\na,1\r\nb,2\r\n');
});

test.each([
  ['text with a quote and a comma', 'say "hi", Ann', '"say ""hi"", Ann"'],
  ['text with line ends', 'one\r\ntwo', '"one\r\ntwo"'],
  ['text that begins with a space', ' a', '" a"'],
  ['empty text', '', '""'],
  ['nothing', null, ''],
  ['the text NULL', 'NULL', 'NULL'],
  ['text that is a number', '007', '007'],
  ['an integer beyond a double', '9007199254740993', '9007199254740993'],
  ['a double', 0.1, '0.1'],
  ['truth', true, 'true'],
  ['control characters', '\u001b[2J\ttab', '\u001b[2J\ttab'],
  ['JSON', { a: ['x', '12345678901234567890'], b: null }, '"{""a"":[""x"",""12345678901234567890""],""b"":null}"'],
  ['a long text', 'x'.repeat(5_000), 'x'.repeat(5_000)],
])('%s is exact', (_, value, expected) => {
  expect(csvOf({ columns: ['v'], rows: [[value]] })).toBe(`v\r\n${expected}\r\n`);
});

test('a result without rows has its names, one without columns nothing', () => {
  expect(csvOf({ columns: ['a,b', 'c'], rows: [] })).toBe('"a,b",c\r\n');
  expect(csvOf({ columns: [], rows: [] })).toBe('');
});

/** A reader of RFC 4180, which tells an empty text from an absent one. */
function read(csv: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  let row: (string | null)[] = [];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? plain || null : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

test('any texts come back as they were', () => {
  const texts = fc.array(fc.option(fc.string({ unit: 'binary' })), { minLength: 2, maxLength: 2 });
  fc.assert(
    fc.property(fc.array(texts), (rows) => {
      expect(read(csvOf({ columns: ['a', 'b'], rows }))).toEqual([['a', 'b'], ...rows]);
    }),
  );
});
