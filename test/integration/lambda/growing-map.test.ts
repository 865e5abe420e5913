import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../support/process/growing-map.ts', import.meta.url));

/** What is remembered may take 4 MB; the orders of 2,400 maps of up to 2,400 names would take 23 MB, and code takes some. */
const HEAP = ['--max-old-space-size=24', '--max-semi-space-size=1'];

test('a map that gains a name with each change takes no more memory the longer it gets', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [...HEAP, SCRIPT, '2400']);

  expect(stdout).toBe('done');
});
