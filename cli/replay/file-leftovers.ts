import { join } from 'node:path';
import { isKind } from '../../src/errors.ts';
import type { Leftover, Leftovers } from '../../src/replay/leftover.ts';
import type { Dependencies } from '../dependencies.ts';

/** A file, or the files of a directory: what it holds is read when it is asked for, and stays as it is. */
export type FileLeftovers = Leftovers & { readonly isDirectory: boolean };

/** @param path `-` is standard input. */
export async function fileLeftovers(
  path: string,
  { readText, listFiles }: Pick<Dependencies, 'readText' | 'listFiles'>,
): Promise<FileLeftovers> {
  const files = path === '-' ? [] : await listFiles(path).catch(noDirectory);
  const paths = files
    .filter((name) => !name.startsWith('.'))
    .sort()
    .map((name) => join(path, name));
  // Read once: standard input can't be read again.
  let input: Promise<string> | undefined;
  const name = path === '-' ? 'standard input' : path;
  const single: Leftover = leftover(name, () => {
    input ??= readText(path);
    return input;
  });
  return {
    name,
    isDirectory: files.length > 0,
    async *all() {
      if (files.length === 0) yield single;
      for (const file of paths) yield leftover(file, () => readText(file));
    },
    async close() {},
  };
}

function leftover(name: string, text: () => Promise<string>): Leftover {
  return { name, text, settle: async () => {}, keep: async () => {} };
}

/** What isn't a directory is a file, or nothing: reading it says which. */
function noDirectory(error: unknown): readonly string[] {
  if (isKind(error, 'usage-invalid')) return [];
  throw error;
}
