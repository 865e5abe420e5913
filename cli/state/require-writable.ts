import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TailraceError } from '../../src/errors.ts';
import { removeEmpty } from './remove-empty.ts';

/**
 * Makes sure that a state directory can be written, before anything is made elsewhere. Leaves nothing behind.
 *
 * @throws {TailraceError} `state-invalid` if it can't.
 */
export async function requireWritable(directory: string): Promise<void> {
  try {
    const made = await mkdir(directory, { recursive: true });
    const probe = join(directory, `writable.${process.pid}`);
    await writeFile(probe, '');
    await rm(probe);
    if (made !== undefined) await removeEmpty(directory, made);
  } catch (cause) {
    throw new TailraceError('state-invalid', `State directory ${directory} can not be written`, {
      context: { path: directory },
      cause,
    });
  }
}
