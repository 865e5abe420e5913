import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { CHANGELOG_COLUMNS } from '../../../src/changelog/columns.ts';
import type { Clock } from '../../../src/clock.ts';

/** A table that drops streamed rows while it is young, and answers success. */
type Table = { createdAt: number; forgetsUntil: number; columns: string[]; readonly rows: Map<string, string> };

type StoredRow = { readonly event_id: string; readonly ingested_at: string };

/** A BigQuery with one changelog that drops streamed rows for a while after each creation, and answers success. */
export interface ForgetfulBigQuery extends AsyncDisposable {
  readonly endpoint: string;
  /** The event ids of the stored rows, and how each came: `streamed` or `loaded`. */
  readonly stored: ReadonlyMap<string, string>;
  /** The stamps under which each event id was stored, in their order. */
  readonly stamps: ReadonlyMap<string, readonly string[]>;
  /** The number of requests for the table's age, for load jobs and for streaming inserts. */
  readonly asked: { looks: number; jobs: number; inserts: number };
  /** Event ids of rows that every load job rejects. */
  readonly bad: Set<string>;
  /** Called while a job runs, before its rows are stored. */
  whileLoading: () => void;
  /** Whether the next answer to a load job is lost, once. */
  losesAnswer: boolean;
  /** Drops the table and creates it again. It drops streamed rows for `forgetsForMs` milliseconds. */
  createAgain(forgetsForMs: number): void;
  /** Adds a column to the table, which drops streamed rows for `forgetsForMs` milliseconds. */
  addColumn(name: string, forgetsForMs: number): void;
}

/** @param clock The server's own, which its answers show in whole seconds. */
export async function startForgetfulBigQuery(clock: Pick<Clock, 'now'>): Promise<ForgetfulBigQuery> {
  const asked = { looks: 0, jobs: 0, inserts: 0 };
  const bad = new Set<string>();
  const stamps = new Map<string, string[]>();
  const jobs = new Map<string, object>();
  let table: Table = { createdAt: 0, forgetsUntil: 0, columns: [], rows: new Map() };

  const server = createServer(async (request, response) => {
    const [status, body] = await answer(request);
    if (request.url?.includes('/jobs') && fake.losesAnswer) {
      fake.losesAnswer = false;
      response.destroy();
      return;
    }
    const bytes = Buffer.from(JSON.stringify(body));
    response.writeHead(status, { 'content-type': 'application/json', date: new Date(clock.now()).toUTCString() });
    response.end(bytes);
  });

  async function answer(request: IncomingMessage): Promise<readonly [number, object]> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const body = await text(request);
    if (path.endsWith('/insertAll')) return [200, insert(body)];
    if (path.endsWith('/jobs')) return load(body);
    const id = /\/jobs\/(\w+)$/.exec(path)?.[1];
    if (id !== undefined) return [200, jobs.get(id) ?? {}];
    if (path.endsWith('_changelog')) return [200, described()];
    return [200, { location: 'EU' }];
  }

  function described(): object {
    asked.looks++;
    const columns = [...CHANGELOG_COLUMNS.map(({ name, type }) => ({ name, type })), ...table.columns.map(other)];
    return { type: 'TABLE', creationTime: String(table.createdAt), schema: { fields: columns } };
  }

  function insert(body: string): object {
    asked.inserts++;
    const { rows } = JSON.parse(body) as { rows: { json: StoredRow }[] };
    if (clock.now() >= table.forgetsUntil) for (const { json } of rows) store(json, 'streamed');
    return { kind: 'bigquery#tableDataInsertAllResponse' };
  }

  function load(body: string): readonly [number, object] {
    asked.jobs++;
    const [, resource = '{}', file = ''] = body.split(/--\w+(?:--)?\r\nContent-Type: [^\r]+\r\n\r\n/);
    const jobReference = (JSON.parse(resource) as { jobReference: { jobId: string } }).jobReference;
    if (jobs.has(jobReference.jobId)) return [409, { error: { code: 409, errors: [{ reason: 'duplicate' }] } }];
    const lines = file.replace(/\r\n--\w+--\r\n$/, '').split('\n');
    const rows = lines.map((line) => JSON.parse(line) as StoredRow);
    const isBad = rows.some(({ event_id }) => bad.has(event_id));
    const message = 'Error while reading data, error message: JSON processing encountered too many errors: a secret';
    fake.whileLoading();
    const job = {
      jobReference,
      statistics: { endTime: String(clock.now()) },
      status: { state: 'DONE', ...(isBad ? { errorResult: { reason: 'invalid', message } } : {}) },
    };
    jobs.set(jobReference.jobId, job);
    if (!isBad) for (const row of rows) store(row, 'loaded');
    return [200, job];
  }

  const store = ({ event_id, ingested_at }: StoredRow, how: string) => {
    table.rows.set(event_id, how);
    stamps.set(event_id, [...(stamps.get(event_id) ?? []), ingested_at]);
  };

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  const fake: ForgetfulBigQuery = {
    endpoint: `http://127.0.0.1:${address.port}`,
    asked,
    bad,
    stamps,
    whileLoading: () => {},
    losesAnswer: false,
    get stored() {
      return table.rows;
    },
    createAgain(forgetsForMs) {
      table = { createdAt: clock.now(), forgetsUntil: clock.now() + forgetsForMs, columns: [], rows: new Map() };
    },
    addColumn(name, forgetsForMs) {
      table.columns.push(name);
      table.forgetsUntil = clock.now() + forgetsForMs;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return fake;
}

function other(name: string): object {
  return { name, type: 'STRING' };
}
