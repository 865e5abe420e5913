import { existsSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { inFolder } from '../../src/in-folder.ts';

const disk = vi.hoisted((): { refuses?: { path: string; code: string } } => ({}));

/** Refuses one folder. Told to make those above it too, Node asks whether it is there, and gives that answer's reason. */
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const mkdir = async (path: string, options?: { recursive: boolean }) => {
    const { refuses } = disk;
    if (refuses === undefined || !path.startsWith(refuses.path)) return real.mkdir(path, options);
    if (!options?.recursive && path !== refuses.path) return real.mkdir(path);
    throw Object.assign(new Error('mkdir'), { code: options?.recursive ? 'ENOENT' : refuses.code });
  };
  return { ...real, mkdir };
});

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

test('a folder that can not be made fails with the reason, however many are missing', async () => {
  const { top, folder } = missingFolder();
  disk.refuses = { path: top, code: 'EROFS' };
  onTestFinished(() => void delete disk.refuses);

  await expect(inFolder(folder, () => expect.unreachable())).rejects.toMatchObject({ code: 'EROFS' });
});

test.runIf(existsSync('/proc/self'))('where no folder can ever be, it fails and does not go on trying', async () => {
  await expect(inFolder('/proc/tailrace/state', () => expect.unreachable())).rejects.toMatchObject({ code: 'ENOENT' });
});

test('what is a file and no folder is left to the writer, who names that', async () => {
  const { top } = missingFolder();
  await writeFile(top, '');

  const written = inFolder(top, () => writeFile(join(top, 'file'), ''));

  await expect(written).rejects.toMatchObject({ code: 'ENOTDIR' });
});
