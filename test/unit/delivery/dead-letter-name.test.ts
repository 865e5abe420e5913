import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deadLetterName } from '../../../src/delivery/dead-letter-name.ts';
import { deadLetter } from '../../support/values/dead-letter.ts';

const nameOf = (record: unknown, sequence_number: string | null = null) =>
  deadLetterName({ ...deadLetter({ sequence_number }), record });

/** The letter of an item that a scan read. */
const ofItem = (NewImage: unknown) => nameOf({ eventSource: 'aws:dynamodb', dynamodb: { Keys: {}, NewImage } });

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, shuffled(inner)]),
  );
};

test('an item has one name, in whichever order the server gives its attributes and the elements of its sets', () => {
  const item = {
    id: { S: 'a' },
    address: { M: { city: { S: 'b' }, __proto: { N: '1' }, zip: { SS: ['x', 'y', 'z'] } } },
    tags: { NS: ['1', '2', '10'] },
    blobs: { BS: ['AA==', 'AQ=='] },
  };
  const again = {
    blobs: { BS: ['AQ==', 'AA=='] },
    tags: { NS: ['10', '1', '2'] },
    address: { M: { zip: { SS: ['z', 'x', 'y'] }, city: { S: 'b' }, __proto: { N: '1' } } },
    id: { S: 'a' },
  };

  expect(ofItem(again)).toBe(ofItem(item));
});

test.each([
  ['a list in another order', { l: { L: [{ S: 'a' }, { S: 'b' }] } }, { l: { L: [{ S: 'b' }, { S: 'a' }] } }],
  ['a value under another name', { a: { S: 'x' }, b: { S: 'y' } }, { a: { S: 'y' }, b: { S: 'x' } }],
  ['a set with one element more than once', { s: { SS: ['a', 'b'] } }, { s: { SS: ['a', 'b', 'b'] } }],
  ['what only begins like a set, in another order', { s: { SS: ['a', 'b'], Z: 1 } }, { s: { SS: ['b', 'a'], Z: 1 } }],
  ['a set of another type', { s: { SS: ['1'] } }, { s: { NS: ['1'] } }],
  ['an attribute named __proto__', JSON.parse('{"__proto__":{"S":"a"}}'), {}],
])('%s is another item', (_, one, other) => {
  expect(ofItem(one)).not.toBe(ofItem(other));
});

test('a record has one name in whichever order its names come, and no other record of its number has it', () => {
  fc.assert(
    fc.property(fc.json(), fc.json(), (one, other) => {
      const [record, another]: unknown[] = [JSON.parse(one), JSON.parse(other)];
      expect(nameOf(shuffled(record), '42')).toBe(nameOf(record, '42'));
      fc.pre(!isDeepStrictEqual(record, another));
      expect(nameOf(another, '42')).not.toBe(nameOf(record, '42'));
    }),
  );
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a text', 'x'],
  ['a number', 1],
  ['a list', [{ S: 'a' }]],
  ['a set that is no list', { s: { SS: 'a' } }],
  ['a set of other things than texts', { s: { NS: [2, { b: 1, a: null }, null] } }],
  ['half of a surrogate pair', { s: { SS: ['\ud800', '\ud801'] } }],
  ['more levels than an item has', Array.from({ length: 1_700 }).reduce((inner: unknown) => ({ M: [inner] }), {})],
])('a record that is %s has a name', (_, record) => {
  expect(nameOf(record)).toMatch(/^unnumbered-[0-9a-f]{16}\.json$/);
});
