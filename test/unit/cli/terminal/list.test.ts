import { expect, test } from 'vitest';
import { listOf } from '../../../../cli/terminal/list.ts';

test('a list aligns what its names are', () => {
  expect(
    listOf([
      ['a', '1'],
      ['bcd', '2'],
    ]),
  ).toBe('a    1\nbcd  2');
});
