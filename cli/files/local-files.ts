import type { Dirent, Stats } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSpool } from './file-spool.ts';
import type { FileKind, FilePath, Files } from './files.ts';

const CHUNK_BYTES = 256 * 1024;

/** The file system of this machine. */
export function localFiles(stdin: NodeJS.ReadableStream): Files {
  return {
    async look(path) {
      const found = await stat(path);
      return { kind: kindOf(found), id: `${found.dev}:${found.ino}` };
    },
    async list(directory) {
      const entries = await readdir(directory, { withFileTypes: true, encoding: 'buffer' });
      return entries
        .toSorted((a, b) => Buffer.compare(a.name, b.name))
        .map((entry) => ({
          path: within(directory, entry.name),
          kind: entry.isSymbolicLink() ? ('link' as const) : kindOf(entry),
        }));
    },
    async *read(path, onVersion) {
      await using file = await open(path);
      const version = async () => {
        const { dev, ino, size, mtimeNs } = await file.stat({ bigint: true });
        onVersion(`${dev}:${ino}:${size}:${mtimeNs}`);
        return size;
      };
      // Zero for a file without a size, such as a pipe.
      const size = Number(await version());
      for (let total = 0; size === 0 || total < size; ) {
        // A new buffer each time: the consumer may retain a part of its chunk.
        const length = size === 0 ? CHUNK_BYTES : Math.min(size - total, CHUNK_BYTES);
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length));
        if (bytesRead === 0) break;
        yield buffer.subarray(0, bytesRead);
        total += bytesRead;
      }
      await version();
    },
    async *stdin() {
      for await (const chunk of stdin) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    },
    spool: fileSpool,
  };
}

function kindOf(found: Dirent<Buffer> | Stats): FileKind {
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'directory';
  return found.isFIFO() || found.isSocket() || found.isCharacterDevice() ? 'pipe' : 'other';
}

/** The path is text if every name in it is: only text can be shown as it is. */
function within(directory: FilePath, name: Buffer): FilePath {
  const text = name.toString();
  if (typeof directory === 'string' && Buffer.from(text).equals(name)) return join(directory, text);
  return Buffer.concat([Buffer.from(directory), Buffer.from('/'), name]);
}
