import { existsSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { TailraceError } from '../../errors.ts';
import { messageOf, shownText } from './duckdb-error.ts';

/** Nothing is fetched from the network because of what a file or a statement holds. */
const OPTIONS = { autoinstall_known_extensions: 'false' };

/**
 * For loading: one thread is as fast as rows come, and takes the memory of one. DuckDB would also merge what earlier loads
 * wrote at every checkpoint, again and again, and in memory. What counts and compares a whole snapshot spills beyond the
 * limit.
 * Source: <https://duckdb.org/docs/stable/configuration/overview>
 */
const BULK_OPTIONS = { ...OPTIONS, threads: '1', max_vacuum_tasks: '0', memory_limit: '48MB' };

/**
 * The file is open in another process, which may give it back in a moment. `null`: it is empty, as it is for the moment
 * between its creation by DuckDB and its lock. One that stays so is nobody's.
 */
export type Held = { readonly heldBy: string | null };

/**
 * Opens a DuckDB file for writing, or says which process has it open.
 *
 * @param create Whether a file that isn't there is made. A directory never is.
 * @param bulk Whether it is opened for loading.
 * @throws {TailraceError} `destination-missing` if the file isn't there, `destination-denied` if the file system
 *   forbids it, `destination-unavailable` if its disk is full, `destination-invalid` if it isn't a DuckDB database.
 */
export async function openInstance(path: string, create: boolean, bulk: boolean): Promise<DuckDBInstance | Held> {
  const isNew = refusePath(path, create);
  try {
    return await DuckDBInstance.create(path, bulk ? BULK_OPTIONS : OPTIONS);
  } catch (error) {
    const text = messageOf(error);
    if (/Could not set lock/.test(text)) {
      return { heldBy: /held in (.+? \(PID \d+\))/.exec(text)?.[1] ?? 'another process' };
    }
    if (statSync(path, { throwIfNoEntry: false })?.size === 0) return { heldBy: null };
    if (/Permission denied|Read-only file system|Operation not permitted/i.test(text)) {
      throw new TailraceError('destination-denied', `${path} may not be opened for writing`, {
        context: { file: path },
        remedy: 'Give the user permission to write the file and its directory.',
      });
    }
    if (/^IO Error: Could not (write|truncate|sync)|No space left/i.test(text)) {
      // Half a file would be in the way of the next attempt.
      if (isNew) rmSync(path, { force: true });
      throw new TailraceError('destination-unavailable', `${path} can't be written: ${shownText(error)}`, {
        context: { file: path },
        remedy: 'Make room on its disk.',
      });
    }
    throw new TailraceError(
      'destination-invalid',
      `${path} can't be opened as a DuckDB database: ${shownText(error)}`,
      {
        context: { file: path },
      },
    );
  }
}

/** Gives whether the file will be made. */
function refusePath(path: string, create: boolean): boolean {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status?.isDirectory()) {
    throw new TailraceError('destination-invalid', `${path} is a directory, not a DuckDB file`, {
      context: { file: path },
    });
  }
  if (status?.isFile() === false) {
    throw new TailraceError('destination-invalid', `${path} is not a file`, { context: { file: path } });
  }
  if (status !== undefined) return false;
  if (!create) {
    throw new TailraceError('destination-missing', `There is no DuckDB file ${path}`, { context: { file: path } });
  }
  if (existsSync(dirname(path))) return true;
  throw new TailraceError('destination-invalid', `The directory of ${path} does not exist`, {
    context: { file: path },
    remedy: 'Make the directory, or name another file.',
  });
}
