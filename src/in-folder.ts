import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';

/**
 * Writes into a folder, which is made if it is missing, with those above it.
 *
 * Another process may remove a folder that it made and left empty, also between our making sure of it and our first file:
 * then it is made again.
 *
 * @param write Told the topmost folder that had to be made, if any. Runs again if the folder was removed meanwhile.
 * @throws What `write` or the making of the folder throws.
 */
export async function inFolder<T>(folder: string, write: (made: string | undefined) => Promise<T>): Promise<T> {
  for (;;) {
    const made = await mkdir(folder, { recursive: true });
    try {
      return await write(made);
    } catch (error) {
      if (existsSync(folder)) throw error;
    }
  }
}
