import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { freePort } from '../../demo/free-port.ts';
import { install } from '../support/process/install.ts';
import { connect } from './client.ts';

const PACKAGE = path.join(import.meta.dirname, 'node_modules/@fivetrandevelopers/zetasql');
const READY_WITHIN_MS = 10_000;

const BINARIES: Readonly<Record<string, string>> = {
  'linux-x64': 'remote_server.so',
  'linux-arm64': 'remote_server_arm.so',
  'darwin-x64': 'remote_server',
  'darwin-arm64': 'remote_server_arm',
};

/** A running reference implementation of GoogleSQL. Disposing of it stops it. */
export interface ZetaSqlServer extends AsyncDisposable {
  /** `host:port` */
  readonly address: string;
}

/**
 * Installs ZetaSQL into this folder unless it is there, and starts its server.
 *
 * @throws {Error} if it isn't available: without a registry, or on another platform.
 */
export async function startZetaSql(): Promise<ZetaSqlServer> {
  const binary = BINARIES[`${process.platform}-${process.arch}`];
  if (binary === undefined) throw new Error(`it has no binary for ${process.platform} on ${process.arch}`);
  if (!existsSync(PACKAGE)) await install('npm', ['install', '--no-audit', '--no-fund'], import.meta.dirname);

  const port = await freePort();
  // The shell ends the server when its stdin ends, so that it never outlives its parent, even a killed one.
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      '"$0" "$@" & server=$!; read -r _; kill -9 $server; wait',
      path.join(PACKAGE, 'lib/zetasql', binary),
      'localhost',
      String(port),
    ],
    { stdio: ['pipe', 'ignore', 'ignore'] },
  );
  const server = { address: `localhost:${port}`, [Symbol.asyncDispose]: () => stop(child) };
  try {
    await ready(server.address);
    return server;
  } catch (error) {
    await stop(child);
    throw error;
  }
}

async function ready(address: string): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  for (;;) {
    using client = connect(address);
    try {
      await client.call('formatSql', { sql: 'SELECT 1' });
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function stop(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.stdin?.end();
  await exited;
}
