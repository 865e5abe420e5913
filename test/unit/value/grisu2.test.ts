import { expect, test } from 'vitest';
import { grisu2 } from '../../../src/value/grisu2.ts';

// Digits as Google's reference implementation of BigQuery's SQL prints them.
test.each<[double: number, digits: bigint, exponent: number]>([
  [0.0001, 1n, -4],
  [0.1, 1n, -1],
  [1, 1n, 0],
  [1.5, 15n, -1],
  [2 ** 49, 562949953421312n, 0],
  [67.174117, 67174117n, -6],
  [67.174118, 6717411800000001n, -14],
  [726.361739, 7263617389999999n, -13],
  [0.000649, 6489999999999999n, -19],
  [999999999999999.9, 9999999999999999n, -1],
  [0.30000000000000004, 30000000000000004n, -17],
])('BigQuery’s digits of %d are %d × 10^%d', (double, digits, exponent) => {
  expect(grisu2(double)).toEqual({ digits, exponent });
});
