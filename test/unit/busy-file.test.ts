import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { writeDurably } from '../../src/durable-file.ts';
import { temporaryFolder } from '../support/vitest/temporary-folder.ts';

const busy = vi.hoisted(() => ({ times: 0 }));

vi.mock('node:fs/promises', async (original) => {
  const files = await original<typeof import('node:fs/promises')>();
  return {
    ...files,
    rename: async (from: string, to: string) => {
      if (busy.times-- > 0) throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
      await files.rename(from, to);
    },
  };
});

const { platform } = process;
afterEach(() => void Object.defineProperty(process, 'platform', { value: platform }));

test.each([1, 3])(
  'on Windows, a file that another process has open for a moment is replaced: %i times busy',
  async (times) => {
    Object.defineProperty(process, 'platform', { value: 'win32' });
    const folder = temporaryFolder();
    busy.times = times;

    await writeDurably(join(folder, 'tail.json'), 'new');

    expect(readFileSync(join(folder, 'tail.json'), 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['tail.json']);
  },
);

test.runIf(platform !== 'win32')(
  'elsewhere, a file that can not be replaced fails at once, and leaves nothing',
  async () => {
    const folder = temporaryFolder();
    busy.times = 1;

    await expect(writeDurably(join(folder, 'tail.json'), 'new')).rejects.toMatchObject({ code: 'EPERM' });

    expect(readdirSync(folder)).toEqual([]);
  },
);
