import { PassThroughClient } from 'google-auth-library';
import { expect, test, vi } from 'vitest';
import { Caller } from '../../../../src/destination/bigquery/caller.ts';
import { createApi } from '../../../../src/destination/bigquery/client.ts';
import { Dataset } from '../../../../src/destination/bigquery/dataset.ts';
import { DATASET, startScriptedBigQuery } from '../../../support/bigquery/scripted-bigquery.ts';
import { hurriedClock } from '../../../support/clock/simple-clocks.ts';
import { seededRandom } from '../../../support/values/seeded-random.ts';
import { kind } from '../../../support/vitest/kind.ts';

test('useless credentials are named before anything is sent', async () => {
  const api = createApi(DATASET.project, null, { keyFilename: '/nowhere/key.json' });
  const settings = { endpoint: null, location: null, labels: {}, kmsKey: null, maxBytesBilled: 2 ** 40 };
  const dataset = new Dataset(new Caller(api, hurriedClock(), seededRandom(1)), DATASET, settings);

  await expect(dataset.location()).rejects.toMatchObject({
    ...kind('destination-denied'),
    message: 'Could not read dataset my-project.shop (noCredentials)',
    remedy: expect.stringContaining('GOOGLE_APPLICATION_CREDENTIALS'),
  });
});

test.each([
  ['a status 400', { status: 400 }, 'noCredentials'],
  ['no file', { code: 'ENOENT' }, 'noCredentials'],
  ['a status 429', { status: 429 }, null],
  ['a status 408', { status: 408 }, null],
  ['a status 503', { status: 503 }, null],
  ['no TLS', { code: 'EPROTO' }, null],
  ['a connection that broke', { code: 'ECONNRESET' }, null],
  ['a self-signed certificate', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'certificate'],
] as const)('a token that can not be fetched, because of %s, is named by its cause', async (_, answer, reason) => {
  const authClient = new PassThroughClient();
  authClient.getRequestHeaders = async () => {
    throw Object.assign(new Error('No token'), answer);
  };
  const api = createApi(DATASET.project, null, { authClient });

  const sent = api.exchange({ method: 'GET', path: 'datasets/shop', timeoutMs: 5_000 });

  await expect(sent).rejects.toMatchObject({ name: 'ApiFailure', reason });
});

test('the variable for another client’s emulator changes no path', async () => {
  vi.stubEnv('BIGQUERY_EMULATOR_HOST', 'http://127.0.0.1:1');
  try {
    await using server = await startScriptedBigQuery({
      'GET datasets/shop': { json: { location: 'EU' } },
      'GET datasets/shop/tables/orders_state': { status: 404 },
      'DELETE datasets/shop/tables/orders_snapshot_x': { status: 204 },
      'DELETE datasets/shop/tables/tailrace_load_x': { status: 204 },
    });
    const table = { name: 'orders', arn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders', tableId: null };

    await server.destination().dropSnapshot(table, 'x');

    expect(server.requests.at(-1)?.method).toBe('DELETE');
  } finally {
    vi.unstubAllEnvs();
  }
});

test('an endpoint where no server listens is reported once the retries are over', async () => {
  const settings = { endpoint: null, location: null, labels: {}, kmsKey: null, maxBytesBilled: 2 ** 40 };
  const api = createApi(DATASET.project, 'http://127.0.0.1:1');
  const dataset = new Dataset(new Caller(api, hurriedClock(), seededRandom(1)), DATASET, settings);

  await expect(dataset.location()).rejects.toMatchObject(kind('destination-unavailable'));
});
