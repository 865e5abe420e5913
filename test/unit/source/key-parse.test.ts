import { expect, test } from 'vitest';
import { parseKey } from '../../../src/source/key-parse.ts';
import { kind } from '../../support/vitest/kind.ts';

const digits = '12345678901234567890123456789012345678';

test.each([
  ['["a"]', [['pk', 'S']], { pk: { S: 'a' } }],
  [`[${digits}]`, [['pk', 'N']], { pk: { N: digits } }],
  ['[-0.5]', [['pk', 'N']], { pk: { N: '-0.5' } }],
  ['[{"B":"AAEC"}]', [['pk', 'B']], { pk: { B: 'AAEC' } }],
  ['[{"B":""}]', [['pk', 'B']], { pk: { B: '' } }],
  [
    '["a,]\\"b","{\\"B\\":\\"AA==\\"}"]',
    [
      ['pk', 'S'],
      ['sk', 'S'],
    ],
    { pk: { S: 'a,]"b' }, sk: { S: '{"B":"AA=="}' } },
  ],
] as const)('%s', (text, keys, expected) => {
  expect(
    parseKey(
      text,
      keys.map(([name, type]) => ({ name, type })),
    ),
  ).toEqual(expected);
});

test('values belong to the attributes in code-unit order of their names, whichever is the partition key', () => {
  const keys = [
    { name: 'z', type: 'S' },
    { name: 'a', type: 'N' },
  ] as const;

  expect(parseKey('[7,"x"]', keys)).toEqual({ a: { N: '7' }, z: { S: 'x' } });
  expect(parseKey('[7,"x"]', keys.toReversed())).toEqual({ a: { N: '7' }, z: { S: 'x' } });
});

test('a key attribute may have the name of a member of Object', () => {
  const parsed = parseKey('["p"]', [{ name: '__proto__', type: 'S' }]);

  expect(Object.entries(parsed)).toEqual([['__proto__', { S: 'p' }]]);
});

test('a key of another type or number of attributes is refused without its value', () => {
  const refusal = { ...kind('destination-invalid'), message: expect.not.stringContaining('secret') };

  expect(() => parseKey('["secret"]', [{ name: 'pk', type: 'N' }])).toThrow(expect.objectContaining(refusal));
  expect(() => parseKey('["secret",1]', [{ name: 'pk', type: 'S' }])).toThrow(expect.objectContaining(refusal));
});
