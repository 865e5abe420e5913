import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TailraceError } from '../../src/errors.ts';
import { fileFailure, hasCode, unlessMissing } from '../../src/file-failure.ts';
import { inFolder, removeEmpty } from '../../src/in-folder.ts';
import { countField, fields, nullable, optional, parseJson, readFields, textField } from '../../src/state-file.ts';

/** The process that holds a lock. */
type Holder = {
  readonly pid: number;
  /** When it started, in the kernel's clock ticks: it tells apart processes of the same id. `null` if unknown. */
  readonly started: string | null;
  /** What it runs, to begin a sentence with; `null` in a lock that an older version wrote. */
  readonly what: string | null;
};

/** States of a process that has ended, but that its parent hasn't reaped: in a container it may stay so for good. */
const ENDED = ['Z', 'X'];

/**
 * Takes a lock for this process, until it is disposed of.
 *
 * The lock of a killed process doesn't count. A lock works only between processes of one machine, so correctness must
 * not depend on it.
 *
 * @param path The lock's file. Missing directories are created, and removed again afterwards if they are empty.
 * @param what What this process runs: begins the sentence of another one's `state-busy`, such as `A backfill of orders`.
 * @throws {TailraceError} `state-busy` naming what holds it, and its process; `state-invalid` if the file can't be written.
 */
export async function lockForProcess(path: string, what: string): Promise<AsyncDisposable> {
  try {
    const directory = dirname(path);
    const made = await inFolder(directory, async (made) => {
      await take(path, what);
      return made;
    });
    return {
      async [Symbol.asyncDispose]() {
        await rm(path, { force: true });
        if (made !== undefined) await removeEmpty(directory, made);
      },
    };
  } catch (cause) {
    if (cause instanceof TailraceError) throw cause;
    const { reason, remedy } = fileFailure(cause);
    throw new TailraceError('state-invalid', `${path} can not be written: ${reason}`, {
      context: { path },
      ...(remedy !== undefined && { remedy }),
      cause,
    });
  }
}

/** The process that holds a lock now; `null` if none does. */
export async function lockHolder(path: string): Promise<Pick<Holder, 'pid'> | null> {
  const holder = await readHolder(path);
  return holder && (await isRunning(holder)) ? holder : null;
}

async function take(path: string, what: string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  try {
    await writeFile(draft, `${JSON.stringify({ ...(await holderOf(process.pid)), what })}\n`);
    while (!(await isLinked(draft, path))) {
      const holder = await readHolder(path);
      if (holder && (await isRunning(holder))) {
        const message = `${holder.what ?? what} is running: process ${holder.pid}`;
        throw new TailraceError('state-busy', message, { context: { path } });
      }
      await rm(path, { force: true });
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** A link is created atomically, and never over another file. */
async function isLinked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

const holder = fields({ pid: countField, started: nullable(textField), what: optional(textField, null) });

async function readHolder(path: string): Promise<Holder | undefined> {
  const json = await unlessMissing(readFile(path, 'utf8'));
  // Tailrace writes locks whole: other text is no lock.
  const found = readFields(parseJson(json ?? ''), holder);
  return 'wrong' in found ? undefined : found.value;
}

async function isRunning({ pid, started }: Pick<Holder, 'pid' | 'started'>): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
  }
  const status = await statusOf(pid);
  if (ENDED.includes(status[0] ?? '')) return false;
  const now = startOf(status);
  return started === null || now === null || started === now;
}

async function holderOf(pid: number): Promise<Pick<Holder, 'pid' | 'started'>> {
  return { pid, started: startOf(await statusOf(pid)) };
}

/**
 * The fields of a process's status that follow the program's name, which may contain anything; none without `/proc`.
 * Source: <https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>
 */
async function statusOf(pid: number): Promise<readonly string[]> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return status === '' ? [] : status.slice(status.lastIndexOf(')') + 2).split(' ');
}

function startOf(status: readonly string[]): string | null {
  return status[19] ?? null;
}
