import { mkdtemp, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { TailraceError } from '../../src/errors.ts';
import { fileFailure, hasCode } from '../../src/file-failure.ts';

/**
 * Makes sure that a state directory can be written, before anything is made elsewhere. The directory itself isn't made:
 * what is tried is the nearest one above it that is there, so that commands side by side never take it from each other.
 *
 * @throws {TailraceError} `state-invalid` if it can't.
 */
export async function requireWritable(directory: string): Promise<void> {
  try {
    await rmdir(await mkdtemp(join(await nearest(resolve(directory)), '.tailrace-')));
  } catch (cause) {
    const { reason, remedy } = fileFailure(cause);
    throw new TailraceError('state-invalid', `State directory ${directory} can not be written: ${reason}`, {
      context: { path: directory },
      ...(remedy !== undefined && { remedy }),
      cause,
    });
  }
}

async function nearest(directory: string): Promise<string> {
  try {
    await stat(directory);
    return directory;
  } catch (error) {
    if (!hasCode(error, 'ENOENT') || directory === dirname(directory)) throw error;
    return nearest(dirname(directory));
  }
}
