import { expect, test } from 'vitest';
import { JsonPieces } from '../../../../src/replay/text/json-pieces.ts';

function read(text: string, maxBytes?: number) {
  const reader = new JsonPieces(new Set(['Records', 'records']), maxBytes);
  return [...reader.push(Buffer.from(text)), ...reader.end()];
}

test('a value says in which line it begins, which list it is in, and what it was beside', () => {
  const text = '{"a":1}\n\n{"Records" : [ {"b":2},\n{"c":3}] , "d":4}\r\n[5]';

  expect(
    read(text).map(({ value, line, list, index, lists, group: batch }) => [value, line, list, index, lists, batch]),
  ).toEqual([
    [{ a: 1 }, 1, null, 0, [], 0],
    [{ b: 2 }, 3, 'Records', 0, [], 1],
    [{ c: 3 }, 4, 'Records', 1, [], 1],
    [{ Records: [], d: 4 }, 3, null, 0, ['Records'], 2],
    [5, 5, '', 0, [], 3],
  ]);
});

test('only a list of the name on the outside is taken apart', () => {
  const text = '{"a":{"Records":[1]},"b":[{"Records":[2]}],"Records":"x","x":"Records"}';

  expect(read(text).map(({ value }) => value)).toEqual([JSON.parse(text)]);
});

test.each([
  ['[]', [[]]],
  ['[[],[1]]', [[], 1]],
  ['{"Records":[]}', [{ Records: [] }]],
  ['{"Records":[{"records":[1]}]}', [1, { records: [] }, { Records: [] }]],
  ['', []],
  [' \n', []],
  ['1 2"3"{}', [1, 2, '3', {}]],
  ['\ufeff{}\ufeff{}', [{}, {}]],
])('%j gives %j', (text, values) => {
  expect(read(text).map(({ value }) => value)).toEqual(values);
});

test.each([
  ['[1,]', 'is not JSON'],
  ['[,1]', 'is not JSON'],
  ['[1 2]', 'is not JSON'],
  ['{},{}', 'is not JSON'],
  [']', 'is not JSON'],
  ['{"a":1]', 'is not JSON'],
  ['{"Records":[1],}', 'is not JSON'],
  ['{"a":1}\n{"a":}\n', 'is not JSON (line 2)'],
  ['{"a":1}\n{"a":', 'ends within a JSON value (line 2)'],
  ['{"Records":[1', 'ends within a JSON value'],
  ['[', 'ends within a JSON value'],
  ['"', 'ends within a JSON value'],
  ['\u0000\u0000', 'is not JSON'],
  ['['.repeat(100_000), 'is wrapped in too many lists'],
])('%j %s', (text, problem) => {
  expect(() => read(text)).toThrow(new RegExp(`^${problem.replace(/[()]/g, '\\$&')}$`));
});

test.each([
  ['one value', `{"a":"${'x'.repeat(2 * 1024 * 1024)}"}`],
  ['one text', `"${'x'.repeat(2 * 1024 * 1024)}`],
  ['one number', '1'.repeat(2 * 1024 * 1024)],
  ['white space', ' '.repeat(2 * 1024 * 1024)],
  ['what is beside a list', `{"a":"${'x'.repeat(700_000)}","Records":[1],"b":"${'x'.repeat(700_000)}"}`],
])('%s that takes more than it may is refused, however it goes on', (_, text) => {
  expect(() => read(text, 1024 * 1024)).toThrow('holds more than 1 MB in one value');
});

test('a list may be as long as it likes, of elements that are not', () => {
  expect(read(`{"Records":[${Array.from({ length: 1_000 }, () => '{"a":"1234567890"}').join()}]}`, 1_000)).toHaveLength(
    1_001,
  );
});
