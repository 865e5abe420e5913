import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { TailraceError } from '../../src/errors.ts';

/** DuckDB keeps what it has not yet merged into a file in another one beside it, of the file's name and this. */
const LOG_SUFFIX = '.wal';

/**
 * Refuses to write over the file that is the destination, or over its log. No option makes that right.
 *
 * @param destination As the user names it.
 * @param out The file that is to be written; it need not exist.
 * @throws {TailraceError} `usage-invalid` if both are one file, however each is spelt.
 */
export async function refuseDestinationFile(destination: string, out: string): Promise<void> {
  const [, path] = /^duckdb:(.+)$/s.exec(destination) ?? [];
  if (path === undefined) return;
  const file = await placeOf(path);
  const own = await Promise.all([file, `${file}${LOG_SUFFIX}`, `${path}${LOG_SUFFIX}`].map(placeOf));
  if (!own.includes(await placeOf(out))) return;
  throw new TailraceError('usage-invalid', `${out} belongs to the destination ${destination}`, {
    context: { path: out },
    remedy: 'Name another file with --out.',
  });
}

/** A file's path without links, as far as it can be told. */
async function placeOf(path: string): Promise<string> {
  const full = resolve(path);
  try {
    return await realpath(full);
  } catch {
    // It is missing, or can't be reached: its writer says so.
  }
  try {
    return join(await realpath(dirname(full)), basename(full));
  } catch {
    return full;
  }
}
