import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { TailraceError } from '../../../src/errors.ts';
import { unlessMissing } from '../../../src/file-failure.ts';
import { unwritable } from './unwritable.ts';

/** Where an export goes. */
export type Target = {
  /** As the user names it. */
  readonly name: string;
  /** Without links; `null` for standard output. */
  readonly path: string | null;
  readonly exists: boolean;
};

/**
 * Looks at the file of an export. Nothing is made.
 *
 * @throws {TailraceError} `usage-invalid` if it is a directory or a device; `export-failed` if it can't be looked at, as when
 *   its directory isn't there.
 */
export async function targetOf(out: string): Promise<Target> {
  if (out === '-') return { name: 'standard output', path: null, exists: false };
  try {
    const found = await unlessMissing(stat(out));
    if (found !== undefined && !found.isFile()) throw noFile(out, found.isDirectory());
    const path = found === undefined ? await missingPath(out) : await realpath(out);
    return { name: out, path, exists: found !== undefined };
  } catch (error) {
    throw unwritable(out, error);
  }
}

async function missingPath(out: string): Promise<string> {
  const full = resolve(out);
  return join(await realpath(dirname(full)), basename(full));
}

function noFile(out: string, isDirectory: boolean): TailraceError {
  if (isDirectory) {
    return new TailraceError('usage-invalid', `${out} is a directory`, { remedy: 'Name a file in it with --out.' });
  }
  return new TailraceError('usage-invalid', `${out} is a pipe, a socket or a device`, {
    remedy: 'Give --out -, and send standard output there.',
  });
}
