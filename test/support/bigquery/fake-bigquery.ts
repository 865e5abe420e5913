import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OneOf } from '../faults.ts';

/** A request to insert rows. */
export type Insert = { readonly path: string; readonly rows: readonly Readonly<Record<string, unknown>>[] };

/** A server that takes streaming inserts and looks at tables, and answers 501 to anything else. */
export interface FakeBigQuery extends AsyncDisposable {
  readonly endpointUrl: string;
  readonly inserts: readonly Insert[];
  /** How every further insert goes wrong. */
  fault: OneOf<'none' | 'refuse'>;
}

export async function startFakeBigQuery(): Promise<FakeBigQuery> {
  const inserts: Insert[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const path = request.url ?? '';
    const isInsert = request.method === 'POST' && path.split('?')[0]?.endsWith('/insertAll');
    if (isInsert && fake.fault === 'none') {
      const { rows } = JSON.parse(body) as { rows: { json: Record<string, unknown> }[] };
      inserts.push({ path, rows: rows.map(({ json }) => json) });
    }
    // A look at a table, which gets an empty answer.
    const isLook = request.method === 'GET' && path.includes('/tables/');
    const status = isInsert ? (fake.fault === 'none' ? 200 : 503) : isLook ? 200 : 501;
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(status === 200 ? {} : { error: { code: status, message: 'Injected', errors: [] } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const fake: FakeBigQuery = {
    endpointUrl: `http://127.0.0.1:${port}`,
    inserts,
    fault: 'none',
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}
