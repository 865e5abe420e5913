import { expect, test } from 'vitest';
import { bytesBilled, dollarsFor } from '../../../../src/destination/bigquery/bytes-billed.ts';

const MIB = 1024 ** 2;

test.for([
  ['nothing is free, whatever is named', 0, 3, 0],
  ['a byte of one table is 10 MB', 1, 1, 10 * MIB],
  ['10 MB of one table is 10 MB', 10 * MIB, 1, 10 * MIB],
  ['a byte more is rounded up to a MB', 10 * MIB + 1, 1, 11 * MIB],
  ['each of three tables is 10 MB at least', 12 * MIB, 3, 30 * MIB],
  ['what is read counts where it is more', 163_595_928, 13, 157 * MIB],
  ['a statement whose tables are not named reads one', 1, 0, 10 * MIB],
] as const)('%s', ([, processed, tables, billed]) => {
  expect(bytesBilled(processed, tables)).toBe(billed);
});

test('a TiB is $6.25', () => {
  expect(dollarsFor(2 ** 40)).toBe(6.25);
});
