import { expect, test } from 'vitest';
import { fileFailure } from '../../src/file-failure.ts';

function thrown(code: string): Error {
  return Object.assign(new Error(`${code}: the value "secret" at /a/b`), { code });
}

test.each([
  ['ENOSPC', 'its disk is full', 'Make room there'],
  ['EDQUOT', 'the quota of its disk is used up', 'Make room there'],
  ['EFBIG', 'it is larger than a file may be there', 'Make room there'],
  ['EACCES', 'permission denied', 'Give the user the right'],
  ['EROFS', 'its disk is read-only', undefined],
  ['EEXIST', 'something of that name is there', undefined],
  ['EIO', 'EIO', undefined],
  ['toString', 'toString', undefined],
])('%s is said in words, with what to do', (code, reason, remedy) => {
  const failure = fileFailure(thrown(code));

  expect(failure.reason).toBe(reason);
  if (remedy === undefined) expect(failure.remedy).toBeUndefined();
  else expect(failure.remedy).toContain(remedy);
});

test.each([[new Error('secret')], ['secret'], [null]])('what has no code is not quoted: %s', (error) => {
  expect(fileFailure(error)).toEqual({ reason: 'unknown reason', remedy: undefined });
});
