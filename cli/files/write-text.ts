import { chmod, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TailraceError } from '../../src/errors.ts';
import { fileFailure, unlessMissing } from '../../src/file-failure.ts';

/**
 * Writes a text file of a person's: whole or not at all, with the rights that it had, and the folders that it needs.
 *
 * @throws {TailraceError} `usage-invalid` if it can't be written.
 */
export async function writeText(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const before = await unlessMissing(stat(path));
    await writeFile(draft, text);
    if (before) await chmod(draft, before.mode);
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {
      // What can't be written can't be removed either: the first failure is the one to report.
    });
    throw new TailraceError('usage-invalid', `${path} can't be written: ${fileFailure(cause).reason}`, {
      remedy: fileFailure(cause).remedy ?? 'Name a directory that can be written to with --schemas.',
      cause,
    });
  }
}
