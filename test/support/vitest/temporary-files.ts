import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives a test run its own directory for temporary files, and fails the run if a test leaves something there: the product
 * writes people's data into such files, and may leave behind what a test leaves behind.
 */
export default async function requireTidy(): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-tests-'));
  process.env['TMPDIR'] = directory;
  return async () => {
    const left = await readdir(directory);
    await rm(directory, { recursive: true });
    if (left.length > 0) throw new Error(`The tests left behind among temporary files: ${left.sort().join(', ')}`);
  };
}
