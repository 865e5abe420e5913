import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { TailraceError } from '../src/errors.ts';
import { freePort } from './free-port.ts';
import { findServerProgram, OWN_ENDPOINT } from './server-program.ts';

/** A DynamoDB server with streams, owned by this process. Disposing of it stops it. */
export interface EmbeddedServer extends AsyncDisposable {
  readonly endpointUrl: string;
}

/**
 * Becomes the server, and leaves behind a watcher that kills it as soon as file descriptor 3 closes: when we close it,
 * and however this process ends, SIGKILL included.
 */
const LAUNCH = '(read -r _ <&3; kill -KILL -$$) >/dev/null 2>&1 & exec "$0" "$@" 3<&-';

/** Ports to try, when another process takes the one that was free. */
const MAX_ATTEMPTS = 10;

/** It is ready within 30 ms; a machine that is busy with tests takes longer. */
const READY_TIMEOUT_MS = 15_000;

/**
 * Starts the embedded server on a free port, and resolves when it answers.
 *
 * @param databasePath Its SQLite file; by default it has none and stores everything in memory.
 * @throws {TailraceError} `config-invalid` where there is no binary for this platform, or it doesn't start.
 */
export async function startEmbeddedServer(databasePath?: string): Promise<EmbeddedServer> {
  const { platform, arch, env } = process;
  const program = findServerProgram({ platform, arch, path: env['PATH'] ?? '' });
  let failure = '';
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const port = await freePort();
    const child = launch(program, port, databasePath);
    const ready = await whenListening(child);
    if (ready.listening) {
      const endpointUrl = `http://127.0.0.1:${port}`;
      await untilAnswering(endpointUrl);
      detach(child);
      return { endpointUrl, [Symbol.asyncDispose]: () => stop(child) };
    }
    await stop(child);
    failure = ready.reason;
  }
  throw new TailraceError('config-invalid', `The embedded DynamoDB server doesn't start: ${failure}`, {
    remedy: OWN_ENDPOINT,
  });
}

function launch(program: string, port: number, databasePath: string | undefined): ChildProcess {
  const file = databasePath === undefined ? [] : ['--db-path', databasePath];
  const args = ['--host', '127.0.0.1', '--port', String(port), ...file];
  // Windows has no shell that could watch: there the server outlives a process that is killed outright.
  if (process.platform === 'win32')
    return spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  // Detached, so that Ctrl-C in a terminal reaches us and not it: what still flows must find its source alive.
  return spawn('sh', ['-c', LAUNCH, program, ...args], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], detached: true });
}

/** Lets this process end by itself though the server runs. */
function detach(child: ChildProcess): void {
  child.unref();
  for (const pipe of child.stdio) {
    if (pipe && 'unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
  }
}

type Readiness = { readonly listening: true } | { readonly listening: false; readonly reason: string };

/** Trusts the server's own output: a port that answers may be another process's, which took it a moment before. */
function whenListening(child: ChildProcess): Promise<Readiness> {
  return new Promise((resolve) => {
    let output = '';
    const timer = setTimeout(() => resolve({ listening: false, reason: 'it prints nothing' }), READY_TIMEOUT_MS);
    const read = (chunk: unknown) => {
      output += String(chunk);
      if (!/listening on http/i.test(output)) return;
      clearTimeout(timer);
      resolve({ listening: true });
    };
    for (const stream of [child.stdout, child.stderr] satisfies (Readable | null)[]) stream?.on('data', read);
    child.once('error', (error) => {
      clearTimeout(timer);
      resolve({ listening: false, reason: error.message });
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve({ listening: false, reason: output.trim().split('\n').at(-1) || `it ended with exit code ${code}` });
    });
  });
}

async function untilAnswering(endpointUrl: string): Promise<void> {
  const giveUpAt = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    try {
      await (await fetch(endpointUrl)).arrayBuffer();
      return;
    } catch (cause) {
      if (Date.now() > giveUpAt) {
        throw new TailraceError('config-invalid', `The embedded DynamoDB server at ${endpointUrl} doesn't answer`, {
          remedy: OWN_ENDPOINT,
          cause,
        });
      }
      await sleep(2);
    }
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.ref();
  if (child.stdio[3]) child.stdio[3].destroy();
  else child.kill();
  await ended;
}
