import { existsSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { TailraceError } from '../../errors.ts';
import type { DestinationDeps } from '../destination.ts';
import { statementFailure } from './duckdb-error.ts';
import { type Access, type OpenFile, openInstance } from './open-instance.ts';
import { Session } from './session.ts';

/** A file is closed after this long without use. */
const IDLE_MS = 40;

/**
 * A file in steady use is closed this often. Which of several waiting processes opens it next is chance: there must be
 * many turns within {@link WAIT_MS}.
 */
const OPEN_MS = 400;

/** How long it is left closed then: longer than the time between two attempts of a waiting process. */
const CLOSED_MS = 60;

/** A waiting process tries again after one to two times this long. */
const POLL_MS = 15;

/** How long to wait for another process to close the file. */
const WAIT_MS = 5_000;

/** Loading this much takes little memory, and less time than opening the file again. */
const SMALL_LOAD_BYTES = 8 * 1024 * 1024;

/** What a destination needs of its database: turns with it, until it is released. */
export type Database = Pick<DatabaseFile, 'use' | 'release'>;

/**
 * A DuckDB file, shared between everything in this process and, in turns, with other processes.
 *
 * DuckDB lets only one process open a file for writing, but lets that process open it twice, which corrupts it. So
 * there is one object of this class per real path, whose users take turns in order. It closes the file whenever there
 * is no turn, and for a moment at least once a second. Opening it again takes about ten milliseconds.
 */
export class DatabaseFile {
  static readonly #files = new Map<string, DatabaseFile>();

  readonly #path: string;
  readonly #deps: DestinationDeps;
  #users = 0;
  /** Resolves after the last turn that was requested; it never rejects. */
  #lastTurn: Promise<void> = Promise.resolve();
  /** How many turns are running or waiting. */
  #turnCount = 0;
  #opened: (OpenFile & { readonly since: number; readonly isReadOnly: boolean }) | undefined;
  #idle = new AbortController();
  /** How much was loaded from files: the first loads are too small to open the file for each of them. */
  #bulkBytes = 0;

  private constructor(path: string, deps: DestinationDeps) {
    this.#path = path;
    this.#deps = deps;
  }

  /** Gives the file at `path`, which need not exist, without opening it. Every call needs its own {@link release}. */
  static acquire(path: string, deps: DestinationDeps): DatabaseFile {
    const real = realPath(path);
    const file = DatabaseFile.#files.get(real) ?? new DatabaseFile(real, deps);
    DatabaseFile.#files.set(real, file);
    file.#users++;
    return file;
  }

  /** Ends one user's use of the file, after the turns already requested. The last release closes it. */
  release(): Promise<void> {
    this.#users--;
    this.#idle.abort();
    return this.#queue(async () => {
      if (this.#users > 0) return;
      await this.#close();
      DatabaseFile.#files.delete(this.#path);
    });
  }

  /**
   * Runs `work` with the file open, and without any other turn at the same time.
   *
   * @param options.readOnly Whether DuckDB refuses any change of the file meanwhile.
   * @param options.create Whether to make a missing file. If the work then fails, the file is removed again.
   * @param options.keepsOpen Whether the file may stay open for the next turn: not if the work changes settings.
   * @param options.bulkBytes How much the work loads from a file. DuckDB releases the memory of a large load when the
   *   file is closed. At each closing it would also merge earlier loads: a later process does that.
   * @throws {TailraceError} `destination-busy` that names the process which has the file open, `destination-invalid` if
   *   the file is empty and stays so; otherwise as {@link openInstance} and `work` do.
   */
  async use<T>(
    work: (session: Session) => Promise<T>,
    { create = false, bulkBytes = 0, readOnly = false, keepsOpen = true } = {},
  ): Promise<T> {
    // It would never be closed, and another user would open the file a second time.
    if (this.#users === 0) throw new Error(`${this.#path} was released`);
    this.#idle.abort();
    this.#turnCount++;
    return this.#queue(() => this.#takeTurn(work, create, bulkBytes, readOnly, keepsOpen));
  }

  #queue<T>(turn: () => Promise<T>): Promise<T> {
    const taken = this.#lastTurn.then(turn);
    this.#lastTurn = taken.then(ignore, ignore);
    return taken;
  }

  async #takeTurn<T>(
    work: (session: Session) => Promise<T>,
    create: boolean,
    bulkBytes: number,
    readOnly: boolean,
    keepsOpen: boolean,
  ): Promise<T> {
    let isNew = false;
    this.#bulkBytes += bulkBytes;
    const isBulk = bulkBytes > 0 && this.#bulkBytes > SMALL_LOAD_BYTES;
    try {
      await this.#yield();
      const isOtherwise = (this.#opened?.isReadOnly ?? readOnly) !== readOnly;
      if (isOtherwise || isBulk) await this.#close();
      if (this.#opened === undefined) isNew = await this.#open(create, readOnly ? 'read' : isBulk ? 'load' : 'write');
      if (this.#opened === undefined) throw new Error('The file was closed within a turn');
      return await work(new Session(this.#opened.connection, this.#opened.instance));
    } catch (error) {
      if (isNew) await this.#discard();
      // DuckDB may refuse everything on this instance from now on; opening the file again is cheap.
      if (!(error instanceof TailraceError)) await this.#close();
      throw statementFailure(error, this.#path);
    } finally {
      this.#turnCount--;
      // Whatever comes next has more memory than a load.
      if (isBulk || !keepsOpen) await this.#close();
      if (this.#turnCount === 0) this.#closeWhenIdle();
    }
  }

  /** Closes the file for a moment if it has been open for long. */
  async #yield(): Promise<void> {
    const { clock } = this.#deps;
    if (this.#opened === undefined || clock.now() - this.#opened.since < OPEN_MS) return;
    await this.#close();
    await clock.sleep(CLOSED_MS);
  }

  /** Opens the file, and waits for another process if need be. Gives whether the file was made. */
  async #open(create: boolean, access: Access): Promise<boolean> {
    const { clock, random } = this.#deps;
    const deadline = clock.now() + WAIT_MS;
    for (;;) {
      const isNew = statSync(this.#path, { throwIfNoEntry: false }) === undefined;
      const opened = await openInstance(this.#path, create, access);
      if (!('usedBy' in opened)) {
        this.#opened = { ...opened, since: clock.now(), isReadOnly: access === 'read' };
        return isNew;
      }
      if (clock.now() >= deadline) throw inUseError(this.#path, opened.usedBy);
      await clock.sleep(POLL_MS * (1 + random.next()));
    }
  }

  /** Removes a file that was made for failed work, unless another process has written to it since. */
  async #discard(): Promise<void> {
    const result = await this.#opened?.connection.runAndReadAll('SELECT 1 FROM duckdb_tables() LIMIT 1');
    // Removed while it is open, so that no other process has it open.
    if (result?.currentRowCount === 0) for (const suffix of ['', '.wal']) rmSync(this.#path + suffix, { force: true });
    await this.#close();
  }

  #closeWhenIdle(): void {
    if (this.#opened === undefined) return;
    this.#idle = new AbortController();
    const { signal } = this.#idle;
    void this.#deps.clock.sleep(IDLE_MS, signal).then(() => {
      if (!signal.aborted) void this.#queue(() => this.#close());
    });
  }

  async #close(): Promise<void> {
    if (this.#opened === undefined) return;
    const { connection, instance, isReadOnly } = this.#opened;
    // Closing does this too, but blocks the whole process. If it fails, the changes stay in the log.
    if (!isReadOnly && existsSync(`${this.#path}.wal`)) await connection.run('CHECKPOINT').catch(ignore);
    connection.closeSync();
    instance.closeSync();
    this.#opened = undefined;
  }
}

function inUseError(path: string, usedBy: string | null): TailraceError {
  const context = { file: path };
  if (usedBy !== null) return new TailraceError('destination-busy', `${path} is open in ${usedBy}`, { context });
  // It isn't removed here: another process may have made it just now.
  return new TailraceError('destination-invalid', `${path} is empty, which no DuckDB file is`, {
    context,
    remedy: 'Remove it, so that Tailrace can make it, or name another file.',
  });
}

/** The path without links, as far as it exists, so that two names of a file give one path. */
function realPath(path: string): string {
  const full = resolve(path);
  for (const [existing, rest] of [
    [full, ''],
    [dirname(full), basename(full)],
  ] as const) {
    try {
      return join(realpathSync(existing), rest);
    } catch {
      // It doesn't exist; its directory may.
    }
  }
  return full;
}

function ignore(): void {}
