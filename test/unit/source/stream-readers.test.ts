import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { countMappings } from '../../../src/source/stream-readers.ts';
import { STREAM_ARN } from '../../support/stream/record.ts';

/** A Lambda that gives these answers, and what it was asked. */
async function lambda(...answers: readonly { readonly status?: number; readonly body: object }[]) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const { status = 200, body } = answers[asked.length - 1] ?? { status: 500, body: {} };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  return { asked, env: { AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${address.port}` } };
}

const count = (env: Readonly<Record<string, string>>, isLocal = true) =>
  countMappings(STREAM_ARN, { isLocal, settings: { endpointUrl: 'http://127.0.0.1:1' } }, env);

test('mappings that read are counted, over all pages', async () => {
  const { asked, env } = await lambda(
    { body: { EventSourceMappings: [{ State: 'Enabled' }, { State: 'Disabled' }], NextMarker: 'next' } },
    { body: { EventSourceMappings: [{ State: 'Creating' }, { State: 'Deleting' }, { State: 'Updating' }] } },
  );

  expect(await count(env)).toBe(3);

  expect(asked).toHaveLength(2);
  expect(asked[0]).toContain(encodeURIComponent(STREAM_ARN));
});

test('at a local server no Lambda is asked', async () => {
  expect(await count({})).toBeNull();
});

test('a local server of every service that knows no Lambda is no failure', async () => {
  const { asked, env } = await lambda({ status: 404, body: {} });

  expect(await count({ AWS_ENDPOINT_URL: env.AWS_ENDPOINT_URL_LAMBDA })).toBeNull();

  expect(asked).toHaveLength(1);
});

test('a denied listing is an error by name', async () => {
  const { env } = await lambda({ status: 403, body: { __type: 'AccessDeniedException', message: 'no' } });

  await expect(count(env)).rejects.toMatchObject({ kind: 'source-denied' });
});
