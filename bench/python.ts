import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Measurement, measure } from './measured-process.ts';

/** A way to read a table in Python: all in memory, or page by page into one CSV file that is written again each time. */
export type PythonRoute = 'pandas' | 'csv';

/** Reads a table in Python, in a process of its own that runs in `directory`. */
export type Python = (route: PythonRoute, endpointUrl: string, directory: string) => Promise<Measurement>;

const run = promisify(execFile);
const SCRIPT = join(import.meta.dirname, 'python-scan.py');
const ENVIRONMENT = join(import.meta.dirname, '../node_modules/.cache/tailrace/python');

/** Python with boto3 and pandas in an environment of its own; `null`, said on stderr, where they can't be had. */
export async function preparePython(): Promise<Python | null> {
  const python = join(ENVIRONMENT, 'bin/python');
  try {
    if (!existsSync(python)) await run('python3', ['-m', 'venv', ENVIRONMENT]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'boto3', 'pandas']);
  } catch (error) {
    process.stderr.write(`SKIPPED: reading a table in Python. ${String(error).split('\n', 1)[0]}\n`);
    return null;
  }
  return (route, endpointUrl, directory) => measure(python, [SCRIPT, route, endpointUrl, `${route}.csv`], directory);
}
