import { existsSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { inFolder } from '../../src/in-folder.ts';

function missingFolder() {
  const directory = mkdtempSync(join(tmpdir(), 'tailrace-folder-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return { top: join(directory, 'a'), folder: join(directory, 'a', 'b') };
}

test('a folder that another process removes before the first file is made again', async () => {
  const { top, folder } = missingFolder();
  const path = join(folder, 'file');
  let tries = 0;

  const made = await inFolder(folder, async (made) => {
    if (tries++ < 2) rmdirSync(folder);
    await writeFile(path, 'text');
    return made;
  });

  await expect(readFile(path, 'utf8')).resolves.toBe('text');
  expect(tries).toBe(3);
  expect([top, folder]).toContain(made);
});

test('what fails in a folder that is there is thrown, not tried again', async () => {
  const { folder } = missingFolder();
  let tries = 0;

  const written = inFolder(folder, async () => {
    tries++;
    throw new Error('no space left');
  });

  await expect(written).rejects.toThrow('no space left');
  expect(tries).toBe(1);
  expect(existsSync(folder)).toBe(true);
});

test('a writer is told what had to be made for it, so that it can put that away', async () => {
  const { top, folder } = missingFolder();
  const made = async (made: string | undefined) => made;

  await expect(inFolder(folder, made)).resolves.toBe(top);
  await expect(inFolder(folder, made)).resolves.toBeUndefined();
});
