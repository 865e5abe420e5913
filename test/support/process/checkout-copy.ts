import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');

/** What a session in a checkout reads; it writes to `schemas`, which is copied. */
const LINKED = ['backfill', 'bin', 'cli', 'demo', 'node_modules', 'package.json', 'src'];

/** Runs the checkout's own programs as `npm start` and `npx tailrace` do, without npm's second of work before each, and with its variables. */
const STAND_INS = {
  npm: `[ "$1" = start ] && exec '${process.execPath}' demo/main.ts`,
  npx: `[ "$1" = tailrace ] && shift && npm_command=exec npm_lifecycle_script=tailrace exec '${process.execPath}' bin/tailrace.js "$@"`,
};

/** A checkout of a test's own, in which a person's commands run. Disposing of it ends them, and removes it. */
export interface CheckoutCopy extends AsyncDisposable {
  /** Runs a script, which ends at the first command that fails. */
  bash(script: string): Session;
}

export interface Session {
  /** Stdout and stderr, as a terminal shows them. */
  readonly output: string;
  /** The exit code. */
  readonly ended: Promise<unknown>;
}

export async function checkoutCopy(): Promise<CheckoutCopy> {
  const path = await mkdtemp(join(tmpdir(), 'tailrace-checkout-'));
  for (const name of LINKED) await symlink(join(ROOT, name), join(path, name));
  await cp(join(ROOT, 'schemas'), join(path, 'schemas'), { recursive: true });
  await mkdir(join(path, 'stand-ins'));
  for (const [name, text] of Object.entries(STAND_INS)) {
    const file = join(path, 'stand-ins', name);
    await writeFile(file, `#!/bin/sh\n${text}\n`);
    await chmod(file, 0o755);
  }
  const children = new Set<ChildProcess>();
  return {
    bash: (script) => runBash(script, path, children),
    async [Symbol.asyncDispose]() {
      for (const { pid } of children) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
      await Promise.all([...children].map((child) => once(child, 'close')));
      await rm(path, { recursive: true });
    },
  };
}

function runBash(script: string, cwd: string, children: Set<ChildProcess>): Session {
  const { PATH, TAILRACE_COMPILED: NODE_COMPILE_CACHE } = process.env;
  const child = spawn('bash', ['-ec', `exec 2>&1\n${script}`], {
    cwd,
    // Without the machine's AWS settings. In a process group of its own, which ends as one.
    env: { PATH: `${join(cwd, 'stand-ins')}:${PATH}`, HOME: cwd, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  children.add(child);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const ended = once(child, 'close').then(([code]) => {
    children.delete(child);
    return code;
  });
  return {
    get output() {
      return output;
    },
    ended,
  };
}
