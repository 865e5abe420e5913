import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { TailraceError } from '../../src/errors.ts';
import { shellWord } from '../next-step/shell-word.ts';

/** What Python is started by, where none is named. */
const USUAL_PYTHON = process.platform === 'win32' ? 'python' : 'python3';

/** How a script is run. */
export type PythonOptions = {
  /** The command or the file of Python. @default `python3`, on Windows `python` */
  readonly python?: string | undefined;
  /** The folder in which it runs. */
  readonly cwd: string;
  /** Ends it when it aborts. @default never */
  readonly signal?: AbortSignal | undefined;
};

/**
 * Runs a script of Python that reads one JSON value on stdin and writes one on stdout.
 *
 * @param packageName The package that it needs, for remedies.
 * @returns what it wrote, and the text that it left on stderr.
 * @throws {TailraceError} `config-invalid` if there is no such Python, or the script ends without an answer; `interrupted`
 *   if `signal` aborts.
 */
export async function runPython(
  script: string,
  input: object,
  packageName: string,
  { python = USUAL_PYTHON, cwd, signal }: PythonOptions,
): Promise<{ readonly answer: unknown; readonly stderr: string }> {
  // A file is named from where the user is, and Python runs elsewhere.
  const program = /[\\/]/.test(python) ? resolve(python) : python;
  const child = spawn(program, [script], { cwd, signal, windowsHide: true, stdio: 'pipe' });
  // A child that ends before it has read its input breaks the pipe: its end says why.
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(input));
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  const closed = new Promise((ended) => child.once('close', ended));
  try {
    await once(child, 'close');
  } catch (cause) {
    // It may write until it has ended.
    await closed;
    if (signal?.aborted) throw new TailraceError('interrupted', 'The extract was not finished', { cause });
    throw new TailraceError('config-invalid', `Python was not found as \`${python}\``, {
      remedy: `Install Python 3.9 or later, then run \`${installCommand(packageName, python)}\`.`,
      cause,
    });
  }
  const [stdout, stderr] = await printed;
  try {
    return { answer: JSON.parse(stdout), stderr };
  } catch (cause) {
    throw new TailraceError(
      'config-invalid',
      `Python (\`${python}\`) ended without an answer, with code ${child.exitCode}`,
      {
        remedy: `Run \`${installCommand(packageName, python)}\`, and run it again; --debug shows what Python printed.`,
        cause: new Error(stderr || 'Python printed nothing', { cause }),
      },
    );
  }
}

/** The command that installs a package for the Python that runs scripts. */
export function installCommand(packageName: string, python: string = USUAL_PYTHON): string {
  return `${shellWord(python, process.platform)} -m pip install ${packageName}`;
}
