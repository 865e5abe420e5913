import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { FileEntry, FileKind, Files } from '../../../../cli/files/files.ts';
import { fileBatches } from '../../../../cli/replay/file-batches.ts';
import { loudFake } from '../../../support/memory/loud-fake.ts';

const { signal } = new AbortController();

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** A directory `d` whose entries are of some kind, and what is in each file or goes wrong with it. */
function diskOf(
  entries: readonly FileEntry[],
  contents: Readonly<Record<string, string | Error>>,
  kinds: Readonly<Record<string, FileKind>> = {},
): Files {
  return loudFake<Files>('files', {
    async look(path) {
      const content = contents[String(path)];
      if (content instanceof Error) throw content;
      return { kind: kinds[String(path)] ?? 'directory', id: `id of ${path}` };
    },
    async list(path) {
      const content = contents[String(path)];
      if (content instanceof Error) throw content;
      return path === 'd' ? entries : [];
    },
    async *read(path, onVersion) {
      const content = contents[String(path)];
      onVersion('1');
      if (content instanceof Error) throw content;
      yield Buffer.from(content ?? '');
      onVersion('1');
    },
  });
}

async function contentsOf(path: string, files: Files) {
  using batches = await fileBatches(path, files, 'state');
  const found: string[][] = [];
  for await (const batch of batches.all(signal)) {
    const content = await buffer(batch.bytes(signal)).then(String, (error: Error) => `(${error.message})`);
    found.push([batch.name, content]);
  }
  return found;
}

test('what the file system refuses is given by name, whatever it is, and keeps nothing else out', async () => {
  const entries = [
    { path: 'd/denied', kind: 'file' },
    { path: 'd/closed', kind: 'directory' },
    { path: 'd/dead', kind: 'link' },
    { path: 'd/device', kind: 'other' },
    { path: 'd/good', kind: 'file' },
    { path: 'd/io', kind: 'file' },
    { path: Buffer.from([0x64, 0x2f, 0xfc]), kind: 'file' },
  ] as const;
  const contents = {
    'd/denied': failure('EACCES'),
    'd/closed': failure('EACCES'),
    'd/dead': failure('ENOENT'),
    'd/good': 'good',
    'd/io': failure('EIO'),
    'd/\ufffd': 'latin',
  };

  expect(await contentsOf('d', diskOf(entries, contents, { 'd/device': 'other' }))).toEqual([
    ['d/denied', "(d/denied can't be read: permission denied)"],
    ['d/closed', "(d/closed can't be read: permission denied)"],
    ['d/dead', "(d/dead can't be read: it is a link to nothing)"],
    ['d/device', "(d/device can't be read: it is a pipe, a socket or a device)"],
    ['d/good', 'good'],
    ['d/io', "(d/io can't be read: EIO)"],
    ['d/\ufffd', 'latin'],
  ]);
});

test.each(['EACCES', 'ENOENT', 'ENOTDIR'])(
  'a directory that itself is refused with %s is all that there is',
  async (code) => {
    await expect(fileBatches('d', diskOf([], { d: failure(code) }), 'state')).rejects.toMatchObject({
      kind: 'usage-invalid',
      message: expect.stringMatching(/^d can't be read: /),
    });
  },
);

test('a file that is changed while it is read, or before it is read again, is left', async () => {
  let version = 1;
  const files = loudFake<Files>('files', {
    look: async () => ({ kind: 'file', id: 'a' }),
    async *read(_, onVersion) {
      onVersion(String(version));
      yield Buffer.from('text');
      onVersion(String(version));
    },
  });
  using batches = await fileBatches('a', files, 'state');
  for await (const batch of batches.all(signal)) {
    expect(String(await buffer(batch.bytes(signal)))).toBe('text');
    version++;

    await expect(buffer(batch.bytes(signal))).rejects.toMatchObject({
      kind: 'event-invalid',
      message: 'a was changed while it was read',
    });
  }
});

test('what can be read once is read again from memory or, if it is large, from a spool that is then gone', async () => {
  const spooled: Uint8Array[] = [];
  let isGone = false;
  const files = loudFake<Files>('files', {
    async *stdin() {
      for (let index = 0; index < 10; index++) yield Buffer.alloc(1024 * 1024, String(index));
    },
    spool: () => ({
      write: (chunk) => void spooled.push(chunk),
      read: () => spooled,
      [Symbol.dispose]: () => {
        isGone = true;
      },
    }),
  });
  const whole = Buffer.concat(Array.from({ length: 10 }, (_, index) => Buffer.alloc(1024 * 1024, String(index))));
  {
    using batches = await fileBatches('-', files, 'state');
    for await (const batch of batches.all(signal)) {
      expect((await buffer(batch.bytes(signal))).equals(whole)).toBe(true);
      expect((await buffer(batch.bytes(signal))).equals(whole)).toBe(true);
    }
  }
  expect(isGone).toBe(true);
});
