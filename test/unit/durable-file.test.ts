import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeDurably, writeDurablyAmongOthers } from '../../src/durable-file.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';

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

test('many who write one file at once all succeed, and what is there is what one of them wrote, with nothing beside it', async () => {
  const folder = join(temporaryFolder(), 'letters');
  const texts = Array.from({ length: 16 }, (_, index) => String(index % 10).repeat(1 + index * 50_000));

  await Promise.all(texts.map((text) => writeDurablyAmongOthers(join(folder, 'letter.json'), text)));

  expect(readdirSync(folder)).toEqual(['letter.json']);
  expect(texts).toContain(readFileSync(join(folder, 'letter.json'), 'utf8'));
  expect(statSync(join(folder, 'letter.json')).mode & 0o777).toBe(0o600);
});

test('a draft that a killed process of the same id left behind is neither taken over nor in the way', async () => {
  const folder = temporaryFolder();
  const next = Array.from({ length: 100 }, (_, index) => `letter.json.${process.pid}-${index}.new`);
  for (const draft of next) writeFileSync(join(folder, draft), 'half');

  await writeDurablyAmongOthers(join(folder, 'letter.json'), 'whole');

  expect(readFileSync(join(folder, 'letter.json'), 'utf8')).toBe('whole');
  expect(next.map((draft) => readFileSync(join(folder, draft), 'utf8'))).toEqual(next.map(() => 'half'));
});

test.each([
  ['alone', writeDurably],
  ['among others', writeDurablyAmongOthers],
])('a draft that can not be put into place is removed: written %s', async (_, write) => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'letter.json'));

  await expect(write(join(folder, 'letter.json'), 'new')).rejects.toMatchObject({ code: 'EISDIR' });

  expect(readdirSync(folder)).toEqual(['letter.json']);
});
