import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../demo/free-port.ts';
import type { Launch } from './servers.ts';

const READY_WITHIN_MS = 60_000;

/** The shell ends the server when its stdin ends, so that it never outlives its owner, even one that is killed. */
const WATCHED = '"$0" "$@" & server=$!; read -r _; kill -9 $server; wait';

/** A server that runs, with nothing in it. Disposing of it stops it, and what it had in memory is gone. */
export interface RunningServer extends AsyncDisposable {
  readonly endpointUrl: string;
}

/** Starts a server on a port; by default on a free one. @throws {Error} if it doesn't answer. */
export async function startServer({ program, args, env }: Launch, port?: number): Promise<RunningServer> {
  const chosen = port ?? (await freePort());
  const onPort = (text: string) => text.replace('{port}', String(chosen));
  const child = spawn('/bin/sh', ['-c', WATCHED, program, ...args.map(onPort)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {
      ...process.env,
      ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, onPort(value)])),
    },
  });
  const stop = async () => {
    const exited = once(child, 'exit');
    child.stdin.end();
    await exited;
  };
  const endpointUrl = `http://127.0.0.1:${chosen}`;
  try {
    await untilAnswering(endpointUrl);
    return { endpointUrl, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilAnswering(endpointUrl: string): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  while (Date.now() < until) {
    const answer = await fetch(endpointUrl, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': 'DynamoDB_20120810.ListTables',
        Authorization:
          'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
        'X-Amz-Date': '20260101T000000Z',
      },
      body: '{}',
    }).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await sleep(50);
  }
  throw new Error(`${endpointUrl} did not answer within ${READY_WITHIN_MS} ms`);
}
