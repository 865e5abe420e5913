import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../../..');

/** A service directory of a test's own, so that packaging touches neither the checkout nor another test. */
export interface ServiceDirectory extends AsyncDisposable {
  readonly path: string;
  /** Runs the framework in it. Gives its exit code and its output. */
  serverless(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }>;
  /** Reads a file that packaging wrote into `.serverless/`, as JSON. */
  readPackaged(name: string): Promise<unknown>;
}

/** Creates one with the checkout's sources and these tables, `GROUP/TABLE` or `TABLE`. Disposing of it removes it. */
export async function serviceDirectory(tables: readonly string[]): Promise<ServiceDirectory> {
  const path = await mkdtemp(join(tmpdir(), 'tailrace-service-'));
  await cp(join(ROOT, 'serverless'), join(path, 'serverless'), { recursive: true });
  await cp(join(ROOT, 'serverless.yml'), join(path, 'serverless.yml'));
  for (const name of ['src', 'node_modules', 'package.json', 'tsconfig.json']) {
    await symlink(join(ROOT, name), join(path, name));
  }
  await mkdir(join(path, 'schemas'));
  for (const table of tables) {
    const file = join(path, 'schemas', `${table}.json`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '{}\n');
  }
  return {
    path,
    serverless: (...args) => run(path, args),
    readPackaged: async (name) => JSON.parse(await readFile(join(path, '.serverless', name), 'utf8')),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}

/** Runs without the machine's credentials and region: packaging needs no account, and no test may reach one. */
async function run(cwd: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  // The framework and its plugins write into these directories, which are removed with the service's.
  const env = { PATH: process.env['PATH'], HOME: cwd, TMPDIR: cwd };
  const bin = join(ROOT, 'node_modules/serverless/bin/serverless.js');
  const finished = promisify(execFile)(process.execPath, [bin, ...args], { cwd, env });
  return finished.then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    (error: { code?: number; stdout?: string; stderr?: string }) => ({
      code: error.code ?? -1,
      output: `${error.stdout}${error.stderr}`,
    }),
  );
}
