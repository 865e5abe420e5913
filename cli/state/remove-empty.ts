import { rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Removes a directory and those above it, up to `made`, as far as nothing is in them. */
export async function removeEmpty(directory: string, made: string): Promise<void> {
  for (let path = directory; path.length >= made.length; path = dirname(path)) {
    const isGone = await rmdir(path).then(
      () => true,
      () => false,
    );
    if (!isGone || path === dirname(path)) return;
  }
}
