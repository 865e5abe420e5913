import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { reportAbsent } from '../support/vitest/report-absent.ts';

/** Where the package was installed, and the tarball that it came in. */
export type Installed = { readonly directory: string; readonly tarball: string };

declare module 'vitest' {
  interface ProvidedContext {
    installed: Installed | null;
  }
}

const ROOT = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** Packs the checkout and installs the tarball in an empty directory, as anyone else would; `null` without a registry. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-package-'));
  const remove = () => rm(directory, { recursive: true });
  try {
    await run('npm', ['pack', '--pack-destination', directory], { cwd: ROOT });
    const [name = ''] = await readdir(directory);
    await writeFile(join(directory, 'package.json'), '{"private":true,"type":"module"}');
    const tarball = join(directory, name);
    provide('installed', (await install(directory, tarball)) ? { directory, tarball } : null);
  } catch (error) {
    await remove();
    throw error;
  }
  return remove;
}

/** npm's errors for a registry that can't be reached, as opposed to a package that doesn't exist. */
const UNREACHABLE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH/;

async function install(directory: string, tarball: string): Promise<boolean> {
  try {
    // One request, for one of the dependencies: an installation would retry for minutes.
    await run('npm', ['view', 'commander', 'version', '--prefer-online', '--fetch-retries=0'], { cwd: directory });
  } catch (error) {
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    const [reason] = UNREACHABLE.exec(stderr) ?? [];
    if (reason === undefined) throw error;
    reportAbsent('a package registry', `npm reports ${reason}`);
    return false;
  }
  await run('npm', ['install', '--no-audit', '--no-fund', tarball], { cwd: directory });
  return true;
}
