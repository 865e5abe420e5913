import type { AttributeValue } from '../../../src/value/attribute-value.ts';

/** Values that are easily lost or rounded, each with its difficulty. */
export const HOSTILE_ITEMS: readonly (readonly [string, AttributeValue])[] = [
  ['an integer of 38 digits', { N: '12345678901234567890123456789012345678' }],
  ['a negative decimal of 38 digits', { N: '-1.2345678901234567890123456789012345678' }],
  ['the greatest number', { N: `${'9'.repeat(38)}${'0'.repeat(88)}` }],
  ['the smallest number', { N: '1E-130' }],
  ['a decimal next to the greatest safe integer', { N: '9007199254740991.5' }],
  ['a number that a double carries', { N: '1E+25' }],
  ['control characters', { S: Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join('') }],
  ['quotes, backslashes and line ends', { S: `c:\\Home "it's" \`x\`\r\n\u2028\u2029\u007f\u0085` }],
  ['emoji and what lies beyond', { S: '😀 é e\u0301 \u{10ffff} \ufeff' }],
  ['text that looks like SQL', { S: `'); DROP TABLE tailrace_snapshots; --` }],
  ['text that looks like JSON', { S: '{"a":[1,null]}' }],
  ['empty text, list and map', { L: [{ S: '' }, { L: [] }, { M: {} }, { NULL: true }] }],
  ['members of Object as names', { M: { constructor: { S: 'c' }, toString: { S: 't' }, hasOwnProperty: { S: 'h' } } }],
  ['__proto__ as a name', { M: Object.fromEntries([['__proto__', { M: { polluted: { BOOL: true } } }]]) }],
  ['the empty name', { M: { '': { S: 'empty' } } }],
  [
    'names like paths',
    { M: { 'a.b': { N: '1' }, $x: { N: '2' }, 'a"b': { N: '3' }, 'a`b': { N: '4' }, '[0]': { N: '5' } } },
  ],
  ['names that differ only in case', { M: { Name: { S: 'N' }, name: { S: 'n' }, NAME: { S: 'NN' } } }],
  ['nesting 32 deep', nested(32)],
  ['sets', { M: { ss: { SS: ['b', 'a', ''] }, ns: { NS: ['10', '9', '1E-130'] }, bs: { BS: ['AA==', ''] } } }],
  ['400 KB of control characters', { S: '\u0001'.repeat(400_000) }],
];

function nested(depth: number): AttributeValue {
  return depth === 0 ? { S: 'bottom' } : { L: [nested(depth - 1)] };
}
