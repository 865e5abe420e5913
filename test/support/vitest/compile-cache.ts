import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Keeps what Node compiles for all commands that a test run starts, and removes it afterwards: they start in half the time. */
export default async function keepCompiled(): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-compiled-'));
  process.env['TAILRACE_COMPILED'] = directory;
  return () => rm(directory, { recursive: true });
}
