import { expect, test } from 'vitest';
import { afterSetup } from '../../../../cli/next-step/after-setup.ts';

test.each([
  [
    false,
    false,
    'Next: `tailrace tail Orders` follows the stream, until you stop it; `tailrace backfill Orders` reads the table once.',
  ],
  [true, false, 'Next: `tailrace tail Orders` follows the stream, until you stop it.'],
  [false, true, 'Next: `tailrace backfill Orders` reads the table once.'],
  [true, true, null],
])('a setup names only what is left to do (published %s, read %s)', (isPublished, isRead, next) => {
  expect(afterSetup({ table: 'Orders', isPublished, isRead, isViewBroken: false })).toBe(next);
});
