import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import keepTidy from '../support/vitest/temporary-files.ts';

/** A test run's beginning, which changes where temporary files go. */
async function begun() {
  vi.stubEnv('TMPDIR', tmpdir());
  const end = await keepTidy();
  const directory = tmpdir();
  vi.stubEnv('TMPDIR', join(directory, '..'));
  return { end, directory };
}

test('a test run that leaves temporary files behind fails by their names, and they are gone', async () => {
  const { end, directory } = await begun();
  await writeFile(join(directory, 'rows'), 'planted');

  await expect(end()).rejects.toThrow('The tests left behind among temporary files: rows');

  expect(existsSync(directory)).toBe(false);
  vi.unstubAllEnvs();
});

test('a test run that removes what it made is fine', async () => {
  const { end, directory } = await begun();
  await writeFile(join(directory, 'rows'), 'planted');
  await rm(join(directory, 'rows'));

  await expect(end()).resolves.toBeUndefined();

  expect(existsSync(directory)).toBe(false);
  vi.unstubAllEnvs();
});
