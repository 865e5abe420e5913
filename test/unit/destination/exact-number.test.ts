import { expect, test } from 'vitest';
import { jsonValue } from '../../../src/destination/exact-number.ts';

test.each(['1e25', '1E25', '1e+25', '1.0e+25'])('%s in JSON is one text, however an engine spells it', (spelt) => {
  expect(jsonValue(`{"n":${spelt}}`)).toEqual({ n: '1e+25' });
});

test.each([
  ['42547355050985230', '42547355050985230'],
  ['12345678901234567890e5', '12345678901234567890e5'],
  ['1e-7', 1e-7],
  ['0.1234567890123456789', '0.1234567890123456789'],
])('%s in JSON is %j', (text, value) => {
  expect(jsonValue(text)).toBe(value);
});
