import { expect, test } from 'vitest';
import { cellValue } from '../../../../src/destination/bigquery/cell.ts';

test.for([
  ['the greatest integer that is a number', 'INTEGER', '9007199254740991', 9007199254740991],
  ['the least that is text', 'INTEGER', '9007199254740992', '9007199254740992'],
  ['an integer that a double prints by all its digits', 'INTEGER', '42547355050985230', '42547355050985230'],
  ['its neighbour', 'INTEGER', '42547355050985231', '42547355050985231'],
  ['a negative integer beyond 2^53', 'INT64', '-42547355050985230', '-42547355050985230'],
  ['a FLOAT64 beyond 2^53', 'FLOAT', '1.0E17', 1e17],
  ['a NUMERIC', 'NUMERIC', '1.5', '1.5'],
  [
    'integers in JSON',
    'JSON',
    '{"a":[42547355050985230,9007199254740991]}',
    { a: ['42547355050985230', 9007199254740991] },
  ],
  ['an integer with an exponent in JSON', 'JSON', '1e+25', '1e+25'],
  ['a fraction in JSON', 'JSON', '1e-07', 1e-7],
  ['text that begins with a U+FEFF', 'STRING', '\ufeffx', '\ufeffx'],
  ['JSON text that begins with a U+FEFF', 'JSON', '{"\ufeffk":"\ufeffx"}', { '\ufeffk': '\ufeffx' }],
] as const)('a query gives %s', ([, type, v, expected]) => {
  expect(cellValue({ name: 'v', type }, v)).toEqual(expected);
  expect(cellValue({ name: 'v', type, mode: 'REPEATED' }, [{ v }])).toEqual([expected]);
});
