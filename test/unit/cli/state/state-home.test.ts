import { expect, test } from 'vitest';
import { findStateHome } from '../../../../cli/state/state-home.ts';

test.each<[string, string, string[], string]>([
  ['in the directory itself, outside of a checkout', '/tmp/x', [], '.tailrace'],
  ['never above it, outside of a checkout', '/tmp/x', ['/tmp/.tailrace', '/.tailrace'], '.tailrace'],
  ['at the top of a checkout', '/code', ['/code/.git'], '.tailrace'],
  ['at the top, from a folder of the checkout', '/code/a/b', ['/code/.git'], '../../.tailrace'],
  ['at the top, where it is already', '/code/a/b', ['/code/.git', '/code/.tailrace'], '../../.tailrace'],
  [
    'at the nearest, where there are several',
    '/code/a/b',
    ['/code/.git', '/code/.tailrace', '/code/a/.tailrace'],
    '../.tailrace',
  ],
  ['in the directory, where it is already', '/code/a', ['/code/.git', '/code/a/.tailrace'], '.tailrace'],
  ['never above the checkout', '/home/code/a', ['/home/.tailrace', '/home/code/.git'], '../.tailrace'],
  ['beside a package.json, without a .git', '/code/a', ['/code/package.json'], '../.tailrace'],
  [
    'at the top of the checkout of several packages',
    '/code/a/b',
    ['/code/.git', '/code/a/package.json'],
    '../../.tailrace',
  ],
])('state is found %s', (_, cwd, existing, home) => {
  expect(findStateHome(cwd, (path) => existing.includes(path))).toBe(home);
});
