import { mkdtemp, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { TailraceError } from '../../src/errors.ts';
import { fileFailure, hasCode } from '../../src/file-failure.ts';

/**
 * Checks that a state directory can be written, before anything is created elsewhere. It doesn't create the directory,
 * but tries the nearest existing one above it, so that parallel commands never remove it from under each other.
 *
 * @throws {TailraceError} `state-invalid` if it can't be written.
 */
export async function requireWritable(directory: string): Promise<void> {
  try {
    await rmdir(await mkdtemp(join(await nearestExisting(resolve(directory)), '.tailrace-')));
  } catch (cause) {
    const { reason, remedy } = fileFailure(cause);
    throw new TailraceError('state-invalid', `State directory ${directory} can not be written: ${reason}`, {
      context: { path: directory },
      ...(remedy !== undefined && { remedy }),
      cause,
    });
  }
}

async function nearestExisting(directory: string): Promise<string> {
  try {
    await stat(directory);
    return directory;
  } catch (error) {
    if (!hasCode(error, 'ENOENT') || directory === dirname(directory)) throw error;
    return nearestExisting(dirname(directory));
  }
}
