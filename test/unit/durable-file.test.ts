import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeDurably } from '../../src/durable-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a file is made with the folders that are missing, for its owner alone, and nothing else is left', async () => {
  const folder = join(temporaryFolder(), 'state', 'orders');
  const path = join(folder, 'tail.json');

  await writeDurably(path, 'old');
  await writeDurably(path, 'new');

  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['tail.json']);
});

test('a file that others could read is theirs to read no more once it is replaced', async () => {
  const path = join(temporaryFolder(), 'backfill.json');
  writeFileSync(path, 'old', { mode: 0o644 });

  await writeDurably(path, 'new');

  expect(statSync(path).mode & 0o077).toBe(0);
});
