import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Clock } from '../../../src/clock.ts';
import {
  BigQueryDestination,
  type BigQueryDestinationDeps,
} from '../../../src/destination/bigquery/bigquery-destination.ts';
import { createApi } from '../../../src/destination/bigquery/client.ts';
import type { BigQuerySettings } from '../../../src/destination/bigquery/settings.ts';
import { hurriedClock } from '../clock/simple-clocks.ts';
import type { OneOf } from '../faults.ts';
import { seededRandom } from '../values/seeded-random.ts';

/** A request as the server saw it; its path without the prefix that all share. */
export type SeenRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

export type Reply = {
  readonly status?: number;
  readonly json?: unknown;
  /** HTML in place of JSON. */
  readonly page?: string;
  /** In their values, `{endpoint}` stands for the server's address. Without a `date`, an answer shows no time. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly fault?: OneOf<'cut-response' | 'hang'>;
};

/** The requests that it answers, as `METHOD path`, each with its replies in order; the last one repeats. */
export type Script = Readonly<Record<string, Reply | readonly Reply[]>>;

/** A BigQuery that answers by script. Disposing of it stops it, and throws if any other request came. */
export interface ScriptedBigQuery extends AsyncDisposable {
  readonly endpoint: string;
  readonly requests: readonly SeenRequest[];
  /** The parsed bodies of the requests `METHOD path`. */
  bodies(on: string): readonly unknown[];
  /** A destination that uses it through the real client. */
  destination(options?: DestinationOptions): BigQueryDestination;
}

type DestinationOptions = Pick<BigQueryDestinationDeps, 'newChangelogs'> & {
  readonly clock?: Clock;
  readonly settings?: Partial<BigQuerySettings>;
};

/** The dataset of the scripts. */
export const DATASET = { project: 'my-project', dataset: 'shop' };

const ROOT = /^\/(?:upload\/)?bigquery\/v2\/projects\/my-project\//;

/** BigQuery's reply to a request that fails. */
export function failure(status: number, reason: string, message = 'Words with a secret value', location = ''): Reply {
  return {
    status,
    json: { error: { code: status, message, errors: [{ reason, message, location, domain: 'global' }] } },
  };
}

/** BigQuery's reply to rows that it rejects, by index: a reason, and where. */
export function refusals(
  rows: Readonly<Record<number, { reason: string; location?: string; message?: string }>>,
): Reply {
  const insertErrors = Object.entries(rows).map(
    ([index, { reason, location = '', message = 'Bad value: secret' }]) => ({
      index: Number(index),
      errors: [{ reason, location, message: reason === 'stopped' ? '' : message, debugInfo: '' }],
    }),
  );
  return { json: { kind: 'bigquery#tableDataInsertAllResponse', insertErrors } };
}

export async function startScriptedBigQuery(script: Script): Promise<ScriptedBigQuery> {
  const replies = new Map(Object.entries(script).map(([on, reply]) => [on, [reply].flat()]));
  const requests: SeenRequest[] = [];
  const unexpected: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seen = await read(request);
    const on = `${seen.method} ${seen.path}`;
    const left = replies.get(on);
    // Most scripts aren't about a table's age: it is old.
    if (left === undefined && seen.query['fields']?.startsWith('creationTime')) {
      send(response, '', { json: { creationTime: '0' } });
      return;
    }
    // Nor about a bill: the job has none.
    if (left === undefined && seen.query['fields'] === 'statistics') {
      send(response, '', { json: {} });
      return;
    }
    requests.push(seen);
    const reply = left !== undefined && left.length > 1 ? left.shift() : left?.[0];
    if (reply === undefined) unexpected.push(on);
    send(response, `http://${request.headers.host}`, reply ?? failure(400, 'unexpected', `${on} is not in the script`));
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  const endpoint = `http://127.0.0.1:${address.port}`;
  return {
    endpoint,
    requests,
    bodies: (on) =>
      requests.filter(({ method, path }) => `${method} ${path}` === on).map(({ body }) => JSON.parse(body)),
    destination: ({ clock = hurriedClock(), settings = {}, ...options } = {}) =>
      new BigQueryDestination(
        DATASET,
        { endpoint, location: null, labels: {}, kmsKey: null, maxBytesBilled: 2 ** 40, ...settings },
        { api: createApi(DATASET.project, endpoint), clock, random: seededRandom(1), ...options },
      ),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      if (unexpected.length > 0) throw new Error(`Not in the script: ${unexpected.join(', ')}`);
    },
  };
}

async function read(request: IncomingMessage): Promise<SeenRequest> {
  const url = new URL(request.url ?? '', 'http://localhost');
  return {
    method: request.method ?? '',
    path: url.pathname.replace(ROOT, ''),
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body: await text(request),
  };
}

function send(response: ServerResponse, endpoint: string, reply: Reply): void {
  const { status = 200, json = {}, page, headers, fault } = reply;
  if (fault === 'hang') return;
  const body = Buffer.from(page ?? JSON.stringify(json));
  response.sendDate = false;
  const own = Object.entries(headers ?? {}).map(([name, value]) => [name, value.replace('{endpoint}', endpoint)]);
  response.writeHead(status, {
    'content-type': page === undefined ? 'application/json' : 'text/html',
    'content-length': body.length + (fault ? 100 : 0),
    ...Object.fromEntries(own),
  });
  response.write(body);
  if (fault === 'cut-response') setImmediate(() => response.destroy());
  else response.end();
}
