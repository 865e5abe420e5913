import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request to insert rows, as it came. */
export type Insert = { readonly path: string; readonly rows: readonly Readonly<Record<string, unknown>>[] };

/** An HTTP server that takes streaming inserts, and looks at tables, and nothing else: any other request is answered 501. */
export interface FakeBigQuery extends AsyncDisposable {
  readonly endpointUrl: string;
  readonly inserts: readonly Insert[];
  /** Answers further inserts with this status. */
  status: number;
}

export async function startFakeBigQuery(): Promise<FakeBigQuery> {
  const inserts: Insert[] = [];
  const fake = { status: 200 };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const path = request.url ?? '';
    const isInsert = request.method === 'POST' && path.split('?')[0]?.endsWith('/insertAll');
    if (isInsert && fake.status === 200) {
      const { rows } = JSON.parse(body) as { rows: { json: Record<string, unknown> }[] };
      inserts.push({ path, rows: rows.map(({ json }) => json) });
    }
    // What the table is, and how old: nothing is said of it.
    const isLook = request.method === 'GET' && path.includes('/tables/');
    const status = isInsert ? fake.status : isLook ? 200 : 501;
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(status === 200 ? {} : { error: { code: status, message: 'Injected', errors: [] } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpointUrl: `http://127.0.0.1:${port}`,
    inserts,
    get status() {
      return fake.status;
    },
    set status(status) {
      fake.status = status;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
