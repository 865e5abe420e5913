import { chmod, mkdtemp, rename, rm } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { TailraceError } from '../../src/errors.ts';
import { fileFailure } from '../../src/file-failure.ts';
import { EXTRACT_SCHEMA } from '../../src/reporting/tableau/connection.ts';
import { installCommand, runPython } from './python-script.ts';

export type HyperOptions = {
  /** The Parquet file that is read. Tableau's engine refuses lists and records. */
  readonly parquet: string;
  /** The `.hyper` file that is made, or replaced once the new one is whole. */
  readonly out: string;
  /** Name of the only table in it. */
  readonly table: string;
  /** The command or the file of Python. @default `python3`, on Windows `python` */
  readonly python?: string | undefined;
  /** What a message calls the file that is made. @default `out` */
  readonly shownAs?: string | undefined;
  /** Stops it when it aborts. @default never */
  readonly signal?: AbortSignal | undefined;
};

/** An extract that was made, and what had to change for it. */
export type MadeHyper = {
  readonly rows: number;
  /** Times that Tableau can't hold, such as `infinity`, and that are NULL in the extract. */
  readonly nulled: readonly { readonly column: string; readonly values: number }[];
};

const PACKAGE = 'tableauhyperapi';

const answerForm = z.union([
  z.object({ rows: z.int(), nulled: z.array(z.object({ column: z.string(), values: z.int() })) }),
  z.object({ error: z.literal('columns-refused'), columns: z.array(z.string()) }),
  z.object({ error: z.enum(['package-missing', 'engine-failed']) }),
]);

/**
 * Looks whether an extract can be made here, before anything is written for it.
 *
 * @throws {TailraceError} `config-invalid` if Python or its package is missing, `interrupted` if `signal` aborts.
 */
export async function requireHyper({ python, signal }: Pick<HyperOptions, 'python' | 'signal'>): Promise<void> {
  const cwd = await mkdtemp(join(tmpdir(), 'tailrace-'));
  try {
    const { answer, stderr } = await runPython(scriptPath(), { check: true }, PACKAGE, { python, cwd, signal });
    const found = answerForm.parse(answer);
    if ('error' in found) throw failure(found, 'the table', python, stderr);
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

/**
 * Makes a Tableau extract of a Parquet file, by Tableau's own engine.
 *
 * Decimals of 38 digits arrive exactly, and nothing else is left behind: no log, and no part of a file that failed. Bytes
 * become base64, times with a zone UTC.
 *
 * @throws {TailraceError} `config-invalid` if Python or its package is missing, `usage-invalid` if a column can't be in an
 *   extract, or the file can't be read or written, `interrupted` if `signal` aborts.
 */
export async function makeHyper({
  parquet,
  out,
  table,
  python,
  shownAs = out,
  signal,
}: HyperOptions): Promise<MadeHyper> {
  const folder = await workFolder(out);
  try {
    const hyper = join(folder, 'made.hyper');
    const request = { parquet: resolve(parquet), hyper, schema: EXTRACT_SCHEMA, table };
    const { answer, stderr } = await runPython(scriptPath(), request, PACKAGE, { python, cwd: folder, signal });
    const made = answerForm.parse(answer);
    if ('error' in made) throw failure(made, shownAs, python, stderr);
    // The engine makes the file readable by its owner alone; the user's umask decides, as for any other file.
    await chmod(hyper, 0o666 & ~process.umask());
    await rename(hyper, out).catch((cause: unknown) => {
      throw unwritable(shownAs, cause);
    });
    return made;
  } finally {
    // The engine ends by itself after a Python that was stopped: it may write for a moment.
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** A folder beside the extract, so that the whole file gets its name at once. */
async function workFolder(out: string): Promise<string> {
  try {
    return await mkdtemp(join(dirname(resolve(out)), '.tailrace-'));
  } catch (cause) {
    throw unwritable(out, cause);
  }
}

function unwritable(out: string, cause: unknown): TailraceError {
  const { reason, remedy = 'Name a file in a folder that exists.' } = fileFailure(cause);
  return new TailraceError('usage-invalid', `${out} can't be written: ${reason}`, {
    context: { path: out },
    remedy,
    cause,
  });
}

function scriptPath(): string {
  const manifest = findPackageJSON(import.meta.url);
  if (manifest !== undefined) return join(dirname(manifest), 'hyper', 'make_hyper.py');
  throw new TailraceError('config-invalid', 'The package has no package.json', { remedy: 'Install Tailrace again.' });
}

function failure(
  made: Exclude<z.infer<typeof answerForm>, { readonly rows: number }>,
  shownAs: string,
  python: string | undefined,
  stderr: string,
): TailraceError {
  const cause = new Error(stderr || made.error);
  const context = { path: shownAs };
  if (made.error === 'package-missing') {
    return new TailraceError('config-invalid', `Python's package ${PACKAGE} is missing`, {
      remedy: `Run \`${installCommand(PACKAGE, python)}\`.`,
      cause,
    });
  }
  if (made.error === 'columns-refused') {
    const names = made.columns.map((name) => JSON.stringify(name)).join(', ');
    return new TailraceError('usage-invalid', `${shownAs} can't hold these columns: ${names}`, {
      context,
      remedy: 'Leave them out by --columns, or declare them as STRING.',
      cause,
    });
  }
  return new TailraceError('usage-invalid', `Tableau's engine did not make ${shownAs}`, {
    context,
    remedy: 'Run it again with --debug and read the cause.',
    cause,
  });
}
