import { existsSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { TailraceError } from '../../errors.ts';
import type { DestinationDeps } from '../destination.ts';
import { statementFailure } from './duckdb-error.ts';
import { type OpenFile, openInstance } from './open-instance.ts';
import { Session } from './session.ts';

/** A file that nobody needs is given back after this long. */
const IDLE_MS = 40;

/**
 * A file in steady use is given back this often. Who gets it next is chance, so that of several that wait one may have to
 * try its luck a few times: there must be many turns within {@link WAIT_MS}.
 */
const HOLD_MS = 400;

/** How long it is left alone then: longer than two attempts of a waiting process are apart. */
const REST_MS = 60;

/** Attempts of a waiting process are between one and two times this long apart. */
const POLL_MS = 15;

/** How long to wait for another process to give the file back. */
const WAIT_MS = 5_000;

/** Up to so much the memory of loading it is little, and opening the file once more would take longer. */
const FEW_BYTES = 8 * 1024 * 1024;

/** What a destination asks of its database: turns with it, until it is released. */
export type Database = Pick<DatabaseFile, 'use' | 'release'>;

/**
 * A DuckDB file, shared between everything in this process and, in turns, with other processes.
 *
 * DuckDB lets one process have a file open for writing, and lets one process open it twice, which corrupts it. So there
 * is one of these per real path, its users take turns in the order they came, and the file is closed whenever nobody
 * needs it, and for a moment at least once a second. Opening it again takes about ten milliseconds.
 */
export class DatabaseFile {
  static readonly #files = new Map<string, DatabaseFile>();

  readonly #path: string;
  readonly #deps: DestinationDeps;
  #users = 0;
  /** The last turn taken or waited for; it never rejects. */
  #turns: Promise<void> = Promise.resolve();
  /** How many turns are taken or waited for. */
  #waiting = 0;
  #held: (OpenFile & { readonly since: number }) | undefined;
  #idle = new AbortController();
  /** How much came in bulk. Where it is much, this process leaves alone what lies in the file. */
  #bulkBytes = 0;

  private constructor(path: string, deps: DestinationDeps) {
    this.#path = path;
    this.#deps = deps;
  }

  /** The file at `path`, which need not exist. Nothing is opened yet. Every call needs its own {@link release}. */
  static acquire(path: string, deps: DestinationDeps): DatabaseFile {
    const real = realPath(path);
    const file = DatabaseFile.#files.get(real) ?? new DatabaseFile(real, deps);
    DatabaseFile.#files.set(real, file);
    file.#users++;
    return file;
  }

  /** Ends one user's use of the file, after the turns already asked for. The last one closes it. */
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
   * Does some work with the file open and nobody else in it.
   *
   * @param options.create Whether a file that isn't there is made. If the work fails then, it is gone again.
   * @param options.bulkBytes How much the work loads from a file. DuckDB gives the memory of much back by closing,
   *   and at each closing it would write anew what was loaded before: that is left to whoever opens the file afterwards.
   * @throws {TailraceError} `destination-busy` naming the process that keeps the file open, `destination-invalid` if it is
   *   empty and stays so; otherwise as {@link openInstance} and `work` do.
   */
  async use<T>(work: (session: Session) => Promise<T>, { create = false, bulkBytes = 0 } = {}): Promise<T> {
    // Nobody would close it again, and another user would open it beside this one.
    if (this.#users === 0) throw new Error(`${this.#path} was released`);
    this.#idle.abort();
    this.#waiting++;
    return this.#queue(() => this.#take(work, create, bulkBytes));
  }

  #queue<T>(turn: () => Promise<T>): Promise<T> {
    const taken = this.#turns.then(turn);
    this.#turns = taken.then(ignore, ignore);
    return taken;
  }

  async #take<T>(work: (session: Session) => Promise<T>, create: boolean, bulkBytes: number): Promise<T> {
    let isNew = false;
    const wasBulk = this.#isBulk;
    this.#bulkBytes += bulkBytes;
    try {
      await this.#rest();
      if (this.#isBulk && !wasBulk) await this.#close();
      if (this.#held === undefined) isNew = await this.#open(create);
      if (this.#held === undefined) throw new Error('The file was closed within a turn');
      return await work(new Session(this.#held.connection, this.#held.instance));
    } catch (error) {
      if (isNew) await this.#discard();
      // DuckDB may have given up on the open file altogether; opening it again is cheap.
      if (!(error instanceof TailraceError)) await this.#close();
      throw statementFailure(error, this.#path);
    } finally {
      this.#waiting--;
      if (this.#isBulk && bulkBytes > 0) await this.#close();
      if (this.#waiting === 0) this.#closeWhenIdle();
    }
  }

  get #isBulk(): boolean {
    return this.#bulkBytes > FEW_BYTES;
  }

  /** Gives the file back for a moment if it has been held for long. */
  async #rest(): Promise<void> {
    const { clock } = this.#deps;
    if (this.#held === undefined || clock.now() - this.#held.since < HOLD_MS) return;
    await this.#close();
    await clock.sleep(REST_MS);
  }

  /** Opens the file, waiting for another process if need be. Gives whether it was made for this. */
  async #open(create: boolean): Promise<boolean> {
    const { clock, random } = this.#deps;
    const deadline = clock.now() + WAIT_MS;
    for (;;) {
      const isNew = statSync(this.#path, { throwIfNoEntry: false }) === undefined;
      const opened = await openInstance(this.#path, create, this.#isBulk);
      if (!('usedBy' in opened)) {
        this.#held = { ...opened, since: clock.now() };
        return isNew;
      }
      if (clock.now() >= deadline) throw inUseError(this.#path, opened.usedBy);
      await clock.sleep(POLL_MS * (1 + random.next()));
    }
  }

  /** Removes a file that was made for work which failed, unless another process has put something into it since. */
  async #discard(): Promise<void> {
    const result = await this.#held?.connection.runAndReadAll('SELECT 1 FROM duckdb_tables() LIMIT 1');
    // Removed while it is still open, so that no other process is in it.
    if (result?.currentRowCount === 0) for (const suffix of ['', '.wal']) rmSync(this.#path + suffix, { force: true });
    await this.#close();
  }

  #closeWhenIdle(): void {
    if (this.#held === undefined) return;
    this.#idle = new AbortController();
    const { signal } = this.#idle;
    void this.#deps.clock.sleep(IDLE_MS, signal).then(() => {
      if (!signal.aborted) void this.#queue(() => this.#close());
    });
  }

  async #close(): Promise<void> {
    if (this.#held === undefined) return;
    const { connection, instance } = this.#held;
    // Closing does this too, but with the whole process waiting. What can't be moved out of the log now stays in it.
    if (existsSync(`${this.#path}.wal`)) await connection.run('CHECKPOINT').catch(ignore);
    connection.closeSync();
    instance.closeSync();
    this.#held = undefined;
  }
}

function inUseError(path: string, usedBy: string | null): TailraceError {
  const context = { file: path };
  if (usedBy !== null) return new TailraceError('destination-busy', `${path} is kept open by ${usedBy}`, { context });
  // Removing it here could take it from a process that has only just made it.
  return new TailraceError('destination-invalid', `${path} is empty, which no DuckDB file is`, {
    context,
    remedy: 'Remove it, so that it can be made, or name another.',
  });
}

/** The path without links, as far as it exists: two names of one file are one. */
function realPath(path: string): string {
  const full = resolve(path);
  for (const [existing, rest] of [
    [full, ''],
    [dirname(full), basename(full)],
  ] as const) {
    try {
      return join(realpathSync(existing), rest);
    } catch {
      // Not there: its directory may be.
    }
  }
  return full;
}

function ignore(): void {}
