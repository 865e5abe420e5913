import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { pythonEnvironment } from './cached-install.ts';

/** Versions that work together; see <https://pypi.org/project/bqemulator/>. */
const PACKAGES = ['bqemulator==1.4.0', 'duckdb==1.5.5', 'numpy==2.4.6'];
const LAUNCHER = path.join(import.meta.dirname, 'launcher.py');
const READY_WITHIN_MS = 30_000;

/** A running BigQuery emulator. Disposing of it stops it. */
export interface Bqemulator extends AsyncDisposable {
  readonly endpoint: string;
}

/**
 * Installs bqemulator into a virtual environment under `node_modules/.cache` unless it is there, and starts it.
 *
 * @throws {Error} if it isn't available: without Python or a package index, or on another platform.
 */
export async function startBqemulator(): Promise<Bqemulator> {
  const python = path.join(await pythonEnvironment(PACKAGES), 'bin', 'python');
  const child = spawn(
    python,
    [LAUNCHER, 'start', '--rest-port', '0', '--grpc-port', '0', '--project', 'test', '--log-level', 'info'],
    // It ends when its stdin does, so that it never outlives its parent, even a killed one.
    { stdio: ['pipe', 'ignore', 'pipe'], env: { ...process.env, BQEMU_ENABLE_FORMAT_EXTENSIONS: 'false' } },
  );
  try {
    const endpoint = `http://127.0.0.1:${await listeningPort(child)}`;
    await ready(`${endpoint}/readyz`);
    return { endpoint, [Symbol.asyncDispose]: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

async function listeningPort(child: ChildProcess): Promise<number> {
  if (child.stderr === null) throw new Error('bqemulator has no stderr');
  const lines = createInterface(child.stderr);
  const timer = setTimeout(() => lines.close(), READY_WITHIN_MS);
  try {
    for await (const line of lines) {
      const port = /"port": (\d+).*"event": "rest\.listen"/.exec(line)?.[1];
      if (port !== undefined) return Number(port);
    }
  } finally {
    clearTimeout(timer);
    child.stderr.resume();
  }
  throw new Error('bqemulator ended before it printed its port');
}

async function ready(url: string): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  while (Date.now() < until) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} was not ready within ${READY_WITHIN_MS} ms`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
