import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { install } from '../support/process/install.ts';

const CACHE = path.join(import.meta.dirname, '../../node_modules/.cache/tailrace');

/**
 * A virtual environment of Python with these packages, `name==version` each.
 *
 * @returns its directory.
 * @throws {Error} if it isn't available: without Python or a package index.
 */
export function pythonEnvironment(packages: readonly string[]): Promise<string> {
  return cached(packages, async (directory) => {
    await install('python3', ['-m', 'venv', directory]);
    await install(path.join(directory, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', ...packages]);
  });
}

/**
 * A directory with these packages of npm, `name@version` each, under `node_modules`.
 *
 * @throws {Error} if it isn't available: without a registry.
 */
export function nodePackages(packages: readonly string[]): Promise<string> {
  return cached(packages, async (directory) => {
    await install('npm', ['install', '--no-audit', '--no-fund', '--prefix', directory, ...packages]);
  });
}

/** A directory under `node_modules/.cache`, made unless it is there. It gets its name once it is complete. */
async function cached(packages: readonly string[], fill: (directory: string) => Promise<void>): Promise<string> {
  const directory = path.join(CACHE, packages.join('_').replaceAll(/[^\w.-]+/g, '-'));
  if (existsSync(directory)) return directory;
  await mkdir(CACHE, { recursive: true });
  const unfinished = await mkdtemp(`${directory}.`);
  try {
    await fill(unfinished);
    await rename(unfinished, directory);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return directory;
}
