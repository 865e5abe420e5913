import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { TailraceError } from '../src/errors.ts';
import { freePort } from './free-port.ts';

/** A DynamoDB server with streams, owned by this process. Disposing of it stops it. */
export interface EmbeddedServer extends AsyncDisposable {
  readonly endpointUrl: string;
}

const BINARY_PACKAGE = '@dynoxide/linux-x64';

/**
 * Becomes the server, and leaves behind a watcher that kills it as soon as file descriptor 3 closes: when we close it,
 * and however this process ends, SIGKILL included.
 */
const LAUNCH = '(read -r _ <&3; kill -KILL $$) >/dev/null 2>&1 & exec "$0" "$@" 3<&-';

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
  const binary = binaryPath();
  let failure = '';
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const port = await freePort();
    const child = launch(binary, port, databasePath);
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

const OWN_ENDPOINT =
  'Start a server of DynamoDB with streams (pip install ministack; GATEWAY_PORT=8000 BIND_HOST=127.0.0.1 ministack) and ' +
  'give its endpoint: npm start -- --endpoint-url http://127.0.0.1:8000';

function binaryPath(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${BINARY_PACKAGE}/package.json`)), 'dynoxide');
  } catch (cause) {
    const platform = `${process.platform}-${process.arch}`;
    throw new TailraceError('config-invalid', `There is no embedded DynamoDB server for this platform (${platform})`, {
      context: { package: BINARY_PACKAGE, platform },
      remedy: OWN_ENDPOINT,
      cause,
    });
  }
}

function launch(binary: string, port: number, databasePath: string | undefined): ChildProcess {
  const file = databasePath === undefined ? [] : ['--db-path', databasePath];
  // Detached, so that Ctrl-C in a terminal reaches this process and not the server: changes that are still flowing need their source.
  const child = spawn('sh', ['-c', LAUNCH, binary, '--host', '127.0.0.1', '--port', String(port), ...file], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  return child;
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
  child.stdio[3]?.destroy();
  await ended;
}
