import { existsSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { messageOf, shownText } from '../../duckdb-message.ts';
import { TailraceError } from '../../errors.ts';
import { duckdb } from '../../views/duckdb.ts';
import { catalogOf, useCatalog } from './file-catalog.ts';
import { newerFormat } from './newer-format.ts';

/**
 * DuckDB fetches no extension from the network because of a file or a statement. At a checkpoint it would merge small
 * row groups, in several times the memory that they take: only an append of changes allows that.
 * Source: <https://duckdb.org/docs/stable/configuration/overview>
 */
const OPTIONS = { autoinstall_known_extensions: 'false', max_vacuum_tasks: '0' };

/** For loading: one thread keeps up with the rows, and takes the memory of one thread. */
const BULK_OPTIONS = { ...OPTIONS, threads: '1', memory_limit: '32MB' };

/**
 * Rows of a row group, a multiple of 2,048. DuckDB's default of 122,880 is ten loads of a backfill: the first write
 * after them would merge all of them, in three times the memory that their rows take.
 * Source: <https://duckdb.org/docs/stable/sql/statements/attach>
 */
export const GROUP_ROWS = 12_288;

/** What a file is opened for. `load` is `write` with memory for little else. A file that is open to `read` can't be changed. */
export type Access = 'read' | 'write' | 'load';

/** An open DuckDB file, and a connection in which its catalog is the default. */
export type OpenFile = { readonly instance: DuckDBInstance; readonly connection: DuckDBConnection };

/**
 * The file is open in another process, which may close it in a moment. `null`: the file is empty, as it is for a moment
 * between its creation by DuckDB and its lock. A file that stays empty belongs to no process.
 */
type FileInUse = { readonly usedBy: string | null };

/**
 * Opens a DuckDB file, or gives which process has it open. What an ended process left in its log is read, and merged into
 * the file only where that is opened for writing.
 *
 * @param create Whether to make a missing file. A directory is never made.
 * @throws {TailraceError} `destination-missing` if the file doesn't exist, `destination-denied` if the file system
 *   forbids it, `destination-unavailable` if its disk is full, `destination-invalid` if it isn't a DuckDB database.
 */
export async function openInstance(path: string, create: boolean, access: Access): Promise<OpenFile | FileInUse> {
  const isNew = refusePath(path, create);
  try {
    return await attach(path, access);
  } catch (error) {
    const text = messageOf(error);
    if (/Could not set lock/.test(text)) {
      return { usedBy: /held in (.+? \(PID \d+\))/.exec(text)?.[1] ?? 'another process' };
    }
    if (statSync(path, { throwIfNoEntry: false })?.size === 0) return { usedBy: null };
    if (/Permission denied|Read-only file system|Operation not permitted/i.test(text)) {
      const [doing, permission] =
        access === 'read' ? ['reading', 'read the file'] : ['writing', 'write the file and its directory'];
      throw new TailraceError('destination-denied', `${path} may not be opened for ${doing}`, {
        context: { file: path },
        remedy: `Give the user permission to ${permission}.`,
      });
    }
    if (/^IO Error: Could not (write|truncate|sync)|No space left/i.test(text)) {
      // A half-written file would fail the next attempt.
      if (isNew) rmSync(path, { force: true });
      throw new TailraceError('destination-unavailable', `${path} can't be written: ${shownText(error)}`, {
        context: { file: path },
        remedy: 'Free space on its disk.',
      });
    }
    const newer = newerFormat(path, text);
    if (newer !== undefined) throw newer;
    throw new TailraceError(
      'destination-invalid',
      `${path} can't be opened as a DuckDB database: ${shownText(error)}`,
      {
        context: { file: path },
      },
    );
  }
}

/** The file is attached to an instance in memory, since only `ATTACH` takes the size of row groups. */
async function attach(path: string, access: Access): Promise<OpenFile> {
  const options = access === 'load' ? BULK_OPTIONS : OPTIONS;
  const mode = access === 'read' ? 'READ_ONLY' : `ROW_GROUP_SIZE ${GROUP_ROWS}`;
  const instance = await DuckDBInstance.create(':memory:', { ...options, temp_directory: `${path}.tmp` });
  try {
    const connection = await instance.connect();
    const catalog = catalogOf(path);
    await connection.run(`ATTACH ${duckdb.text(path)} AS ${duckdb.identifier(catalog)} (${mode})`);
    await connection.run(useCatalog(catalog));
    return { instance, connection };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** Refuses a path that can't be opened. Gives whether the file will be made. */
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
  if (existsSync(dirname(path))) {
    if (create) return true;
    throw new TailraceError('destination-missing', `There is no DuckDB file ${path}`, {
      context: { file: path },
      remedy: 'Check the path, or run `tailrace setup TABLE`, which makes the file.',
    });
  }
  throw new TailraceError('destination-invalid', `The directory of ${path} does not exist`, {
    context: { file: path },
    remedy: 'Make the directory, or name another file.',
  });
}
