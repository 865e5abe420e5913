import { describe, expect, test } from 'vitest';
import { jsonOfDecimal } from '../../../src/value/json-number.ts';

describe('a decimal that every engine prints by exactly its text is a number', () => {
  test.each([
    '0',
    '-1',
    '0.1',
    '-5.5',
    '12.34',
    '123456789012345',
    '9007199254740991',
    '-9007199254740991',
    '0.0001',
    '-0.00012345',
    '67.174117',
    '67.174119',
    '726.361738',
    '726.36174',
    '0.000648',
    '12345678901234.5',
    '100000000000000.5',
    '999999999999999.9',
    '0.30000000000000004',
    '0.1234567890123456',
    '-23.45678901234568',
  ])('%s', (canonical) => {
    expect(jsonOfDecimal(canonical)).toBe(canonical);
  });
});

describe('any other is text', () => {
  test.each([
    // BigQuery prints more digits.
    '67.174118',
    '-67.174118',
    '726.361739',
    '0.000649',
    '0.01207',
    // BigQuery writes an exponent.
    '0.00001',
    '0.000099',
    '-0.0000001',
    '1000000000000000.5',
    '1234567890123456.5',
    // JavaScript's integers are exact no further.
    '9007199254740992',
    '9007199254740993',
    '-9007199254740992',
    '1000000000000000000000',
    // Doubles are fewer.
    '9007199254740991.5',
    '12345678901234567',
    '0.30000000000000003',
    '0.1000000000000000000001',
    '12345678901234567890123456789012345678',
    '-1.2345678901234567890123456789012345678',
    `0.${'0'.repeat(129)}1`,
  ])('%s', (canonical) => {
    expect(jsonOfDecimal(canonical)).toBe(`"${canonical}"`);
  });
});
