import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { diagnostic } from '../vitest/diagnostics.ts';
import { runInProcess } from './command-in-process.ts';

const LAUNCHER = fileURLToPath(new URL('../../../bin/tailrace.js', import.meta.url));

/** The compile cache that the processes of a test run share. See `compile-cache.ts`. */
const { TAILRACE_COMPILED, TMPDIR } = process.env;
const COMPILE_CACHE =
  TAILRACE_COMPILED === undefined ? { NODE_DISABLE_COMPILE_CACHE: '1' } : { NODE_COMPILE_CACHE: TAILRACE_COMPILED };

/** A process's exit code and output. */
export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type CommandOptions = {
  /** @default the checkout's */
  readonly launcher?: string;
  /** Shell commands before it, such as `ulimit -f 100`. */
  readonly after?: string;
  /** Node's options. */
  readonly nodeOptions?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Its standard input; `null` leaves that open. */
  readonly stdin?: string | null;
};

/** A directory in which to run the real command. Disposing of it ends processes that still run, and removes it. */
export interface Workplace extends AsyncDisposable {
  readonly directory: string;
  /** The names of its files. */
  files(): Promise<readonly string[]>;
  /** Runs `tailrace` to its end. */
  tailrace(args: readonly string[], options?: CommandOptions): Promise<Ended>;
  /** Starts `tailrace`, to be stopped. */
  start(args: readonly string[], options?: CommandOptions): Running;
}

export interface Running {
  readonly stdout: string;
  readonly stderr: string;
  /** Sends it a signal, and waits for its end. */
  stop(signal: NodeJS.Signals): Promise<Ended>;
  readonly ended: Promise<Ended>;
}

/** The last line that a command wrote for a script: its summary. */
export function lastObject({ stdout }: Pick<Ended, 'stdout'>): unknown {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}

/**
 * Creates one.
 *
 * @param options `inProcess` for tests of what commands do and print, not of their processes: `tailrace` runs them in the
 *   test's process, one at a time, unless an option needs a process.
 */
export async function createWorkplace({ inProcess = false } = {}): Promise<Workplace> {
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-cli-'));
  const children = new Set<ChildProcess>();
  const start = (args: readonly string[], options: CommandOptions = {}) => run(args, options, directory, children);
  return {
    directory,
    files: () => readdir(directory),
    async tailrace(args, options = {}) {
      if (!inProcess || needsProcess(options)) return await start(args, options).ended;
      const ended = await runInProcess(args, directory, options);
      diagnostic(ended.stderr);
      return ended;
    },
    start,
    async [Symbol.asyncDispose]() {
      await Promise.all([...children].map((child) => child.kill('SIGKILL') && once(child, 'close')));
      await rm(directory, { recursive: true });
    },
  };
}

/** The environment of a command, without the machine's own AWS settings: what a test doesn't give isn't there. */
export function commandEnvironment(home: string): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: home, ...(TMPDIR && { TMPDIR }), ...COMPILE_CACHE };
}

/** Node itself reads the environment that its process began with: where temporary files go, for one. */
const NODES_OWN = /^(?:NODE_|TMPDIR$)/;

function needsProcess({ launcher, after, nodeOptions, stdin, env = {} }: CommandOptions): boolean {
  const isStarted = launcher !== undefined || after !== undefined || nodeOptions !== undefined || stdin === null;
  return isStarted || Object.keys(env).some((name) => NODES_OWN.test(name));
}

function run(
  args: readonly string[],
  { launcher = LAUNCHER, after, nodeOptions = [], env = {}, stdin = '' }: CommandOptions,
  cwd: string,
  children: Set<ChildProcess>,
): Running {
  // Without the machine's AWS settings: only those that a test gives.
  const command = [process.execPath, ...nodeOptions, launcher, ...args];
  const [program = '', ...rest] = after === undefined ? command : ['sh', '-c', `${after}; exec "$0" "$@"`, ...command];
  const child = spawn(program, rest, {
    cwd,
    env: { ...commandEnvironment(cwd), ...env },
  });
  children.add(child);
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.stderr += chunk;
  });
  child.stdin.on('error', () => {});
  if (stdin !== null) child.stdin.end(stdin);
  const ended = once(child, 'close').then(([code]): Ended => {
    children.delete(child);
    diagnostic(text.stderr);
    return { code: typeof code === 'number' ? code : null, ...text };
  });
  return {
    get stdout() {
      return text.stdout;
    },
    get stderr() {
      return text.stderr;
    },
    ended,
    stop(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
