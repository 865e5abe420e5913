import { existsSync } from 'node:fs';
import { mkdir, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode } from './file-failure.ts';

/**
 * Writes into a folder, and makes it first if it is missing, with its parents.
 *
 * Another process may remove a folder that it made and left empty, even between our check and our first file: then the
 * folder is made again.
 *
 * @param write Receives the topmost folder that had to be made, if any. Runs again if the folder was removed meanwhile.
 * @throws What `write` or the making of the folder throws.
 */
export async function inFolder<T>(folder: string, write: (made: string | undefined) => Promise<T>): Promise<T> {
  for (;;) {
    const made = await make(folder);
    try {
      return await write(made);
    } catch (error) {
      if (existsSync(folder)) throw error;
    }
  }
}

/** Removes a folder and its parents, up to `made`, as far as they are empty. */
export async function removeEmpty(folder: string, made: string): Promise<void> {
  for (let path = folder; path.length >= made.length; path = dirname(path)) {
    const isGone = await rmdir(path).then(
      () => true,
      () => false,
    );
    if (!isGone || path === dirname(path)) return;
  }
}

/**
 * Makes a folder and its parents.
 *
 * @returns the topmost folder that had to be made, if any.
 *
 * Node's own recursive `mkdir` hides the reason: it reports a read-only disk as ENOENT, and below `/proc` it never ends.
 * Source: <https://github.com/nodejs/node/blob/v24.0.0/src/node_file.cc> (`MKDirpSync`)
 */
async function make(folder: string): Promise<string | undefined> {
  let top: string | undefined;
  for (let tries = 1; ; tries++) {
    try {
      await mkdir(folder);
      return top ?? folder;
    } catch (error) {
      // Whether it is a folder shows when something is written into it.
      if (existsSync(folder)) return top;
      if (!hasCode(error, 'ENOENT') || folder === dirname(folder)) throw error;
      const made = await make(dirname(folder));
      if (made === undefined && tries > 1) throw error;
      top ??= made;
    }
  }
}
