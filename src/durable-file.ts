import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { inFolder } from './in-folder.ts';

/**
 * Replaces a file's text, whole or not at all: whenever the machine stops, the file holds either the old or the new.
 *
 * When it resolves, the text is on the disk: flushed, renamed into place, and the folder that names it flushed. Folders
 * that are missing are made. One writer at a time for each path. Only its owner reads the file: records lie in such files,
 * and keys.
 */
export async function writeDurably(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  const draft = `${path}.new`;
  await using file = await inFolder(folder, () => open(draft, 'w', 0o600));
  await file.writeFile(text);
  await file.sync();
  await rename(draft, path);
  await flushFolder(folder);
}

/** Windows opens no folders; a rename is as durable there as it gets. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using handle = await open(folder, 'r');
  await handle.sync();
}
