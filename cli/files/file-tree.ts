import { hasCode } from '../../src/file-failure.ts';
import type { FileEntry, FilePath, Files } from './files.ts';

/** A file, or what can't be read, with why as Node says it. */
export type Found = { readonly path: FilePath } | { readonly path: FilePath; readonly cause: unknown };

/** All files below a directory. */
export type FileTree = {
  /** From the first, in the order of names, folders where their names stand. What was there at first, each time. */
  entries(signal: AbortSignal): AsyncIterable<Found>;
};

/**
 * Goes into a directory and all of its folders, whatever is hidden among them. Links are followed. A folder that was gone
 * into already is not gone into again, so that links in a circle end.
 *
 * It is looked at once: what a replay itself writes there meanwhile is no part of it.
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
