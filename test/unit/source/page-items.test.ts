import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPageItems, readPage } from '../../../src/source/page-items.ts';
import { kind } from '../../support/vitest/kind.ts';

const bytesOf = (text: string) => {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
};

/** What the answer says, its items parsed one by one. */
function readWhole(text: string): unknown {
  const page = readPage(bytesOf(text), 'DynamoDB');
  if (typeof page !== 'object' || page === null || !('Items' in page) || !isPageItems(page.Items)) return page;
  const { length } = page.Items;
  const Items = [...page.Items];
  expect(length).toBe(Items.length);
  return { ...page, Items };
}

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\"', '}],"Items":[{', '[', '{', '\\\\'));
/** Node 24's own JSON.parse takes the name \\" for \\\\ where it has met that before. */
const anyName = anyText.filter((text) => !text.includes('\\'));
const anyItem = fc.dictionary(anyName, fc.dictionary(anyName, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 2 }), {
  maxKeys: 4,
});

test('a page has the same items one by one as in one parse, with any texts and names', () => {
  const anyPage = fc.record({
    ConsumedCapacity: fc.record({
      TableName: anyText,
      CapacityUnits: fc.nat(),
      Items: fc.array(anyItem, { maxLength: 2 }),
    }),
    Items: fc.array(anyItem, { minLength: 1, maxLength: 4 }),
    LastEvaluatedKey: fc.option(anyItem),
  });

  fc.assert(
    fc.property(anyPage, fc.constantFrom(undefined, 2), fc.boolean(), (page, spaces, isLast) => {
      const { Items, ...rest } = page;
      const text = JSON.stringify(isLast ? { ...rest, Items } : { Items, ...rest }, null, spaces);

      expect(JSON.stringify(readWhole(text))).toBe(JSON.stringify(JSON.parse(text)));
    }),
  );
});

test.each([
  ['no items', '{"Items":[],"Count":0}'],
  ['another list before them', '{"Others":[{"a":{"S":"b"}}],"Items":[{"c":{"S":"d"}}]}'],
  ['a value that reads like their name', '{"Name":"Items","Items":[{"c":{"S":"d"}}]}'],
  ['no list of them', '{"Items":{"a":{"S":"b"}}}'],
  ['no such member', '{"Count":1}'],
  ['a number among them', '{"Items":[{"a":{"S":"b"}},7]}'],
  ['a list among them', '{"Items":[[{"a":{"S":"b"}}]]}'],
  ['a text among them', '{"Items":["a",{"a":{"S":"b"}}]}'],
  ['no object', '[{"Items":[]}]'],
])('%s: nothing of an answer is left out', (_name, text) => {
  expect(readWhole(text)).toEqual(JSON.parse(text));
});

test.each(['{"Items":[{"a":{"S":"b"}}', '{"Items":[{"a":{"S":"b', '{"Items":[{]}', '', '{"Items":[]} x'])(
  'an answer that is no JSON is none: %s',
  (text) => {
    expect(() => readWhole(text)).toThrow(SyntaxError);
  },
);

test('an item that is no JSON is named without a word of it', () => {
  const page = () => readWhole('{"Items":[{"a":{"S":"b"}},{"secret":{"S":tru}}]}');

  expect(page).toThrow(expect.objectContaining(kind('source-invalid')));
  expect(page).not.toThrow(/secret|tru/);
});

test('an item that is no map of attributes is refused when it is read', () => {
  expect(() => readWhole('{"Items":[{"a":7}]}')).toThrow(expect.objectContaining(kind('source-invalid')));
});

test("a page's memory goes with its last item", () => {
  const bytes = bytesOf('{"Items":[{"a":{"S":"b"}},{"a":{"S":"c"}}]}');
  const page = readPage(bytes, 'DynamoDB');
  if (typeof page !== 'object' || page === null || !('Items' in page) || !isPageItems(page.Items)) throw new Error();

  for (const item of page.Items) expect(item).toBeDefined();

  expect(bytes.buffer.detached).toBe(true);
});
