import { hasCode } from '../../src/file-failure.ts';
import type { FileEntry, FilePath, Files } from './files.ts';

/** A file, or an entry that can't be read, with Node's error. */
export type Found = { readonly path: FilePath } | { readonly path: FilePath; readonly cause: unknown };

/** All files below a directory. */
export type FileTree = {
  /** In the order of names, each folder's files at its name. Every call gives the files of the first one. */
  entries(signal: AbortSignal): AsyncIterable<Found>;
};

/**
 * Lists a directory and all of its folders, hidden ones too. Links are followed. Each folder is visited once, so that links in
 * a circle end.
 *
 * The directory is listed once: files that the replay itself writes there are no part of it.
 */
export function treeOf(directory: string, files: Files): FileTree {
  let known: readonly Found[] | undefined;
  return {
    async *entries(signal) {
      if (known) {
        yield* known;
        return;
      }
      const found: Found[] = [];
      for await (const one of walk({ path: directory, kind: 'link' }, files, new Set(), signal)) {
        found.push(one);
      }
      known = found;
      yield* known;
    },
  };
}

async function* walk(
  { path, kind }: FileEntry,
  files: Files,
  visited: Set<string>,
  signal: AbortSignal,
): AsyncGenerator<Found> {
  if (kind === 'file') {
    yield { path };
    return;
  }
  if (signal.aborted) return;
  try {
    const looked = await files.look(path);
    if (looked.kind === 'file') yield { path };
    else if (looked.kind !== 'directory') yield { path, cause: coded('NOT_A_FILE') };
    else if (visited.has(looked.id)) yield { path, cause: coded('ELOOP') };
    else {
      visited.add(looked.id);
      for (const entry of await files.list(path)) yield* walk(entry, files, visited, signal);
    }
  } catch (cause) {
    yield { path, cause: kind === 'link' && hasCode(cause, 'ENOENT') ? coded('DEAD_LINK') : cause };
  }
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}
