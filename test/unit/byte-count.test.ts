import { expect, test } from 'vitest';
import { binarySize, readByteCount, roundedUp } from '../../src/byte-count.ts';

test.for([
  ['0', 0],
  ['10485760', 10 * 2 ** 20],
  ['500GB', 500e9],
  ['500 gb', 500e9],
  ['1TiB', 2 ** 40],
  [' 1.5tib ', 1.5 * 2 ** 40],
  ['2 PB', 2e15],
  ['0.1KB', 100],
] as const)('%j is a number of bytes', ([text, bytes]) => {
  expect(readByteCount(text)).toBe(bytes);
});

test.for(['', ' ', 'TiB', '-1', '1e12', '1,000', '1 T', '10X', '1.', '.5GB', '9PiB9', '99999999PiB', 'Infinity'])(
  '%j is no number of bytes',
  (text) => {
    expect(readByteCount(text)).toBeUndefined();
  },
);

test.for([
  [0, '0 bytes', '0'],
  [1, '1 byte', '1'],
  [1023, '1023 bytes', '1023'],
  [1024, '1 KiB', '1KiB'],
  [163_595_928, '156 MiB', '157MiB'],
  [164_626_432, '157 MiB', '157MiB'],
  [2 ** 40, '1 TiB', '1TiB'],
  [1.04 * 2 ** 40, '1 TiB', '2TiB'],
  [2_500 * 2 ** 50, '2,500 PiB', '2500PiB'],
] as const)('%d bytes are %s, and no more than %s', ([bytes, size, round]) => {
  expect(binarySize(bytes)).toBe(size);
  expect(roundedUp(bytes)).toBe(round);
});
