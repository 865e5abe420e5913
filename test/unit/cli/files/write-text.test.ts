import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeText } from '../../../../cli/files/write-text.ts';
import { temporaryFolder } from '../../../support/vitest/temporary-folder.ts';

test('makes the folders that a file needs, and leaves nothing beside it', async () => {
  const folder = temporaryFolder();

  await writeText(join(folder, 'a', 'b', 'c.json'), 'text\n');

  expect(await readFile(join(folder, 'a', 'b', 'c.json'), 'utf8')).toBe('text\n');
  expect(await readdir(join(folder, 'a', 'b'))).toEqual(['c.json']);
});

test('leaves a file the rights that it had', async () => {
  const path = join(temporaryFolder(), 'c.json');
  await writeFile(path, 'before');
  await chmod(path, 0o640);

  await writeText(path, 'after');

  expect(await readFile(path, 'utf8')).toBe('after');
  expect((await stat(path)).mode & 0o777).toBe(0o640);
});

test('names what it could not write, and leaves no draft', async () => {
  const folder = temporaryFolder();
  await mkdir(join(folder, 'c.json'));

  await expect(writeText(join(folder, 'c.json'), 'text')).rejects.toMatchObject({
    kind: 'usage-invalid',
    message: expect.stringContaining("c.json can't be written: "),
  });
  expect(await readdir(folder)).toEqual(['c.json']);
});
