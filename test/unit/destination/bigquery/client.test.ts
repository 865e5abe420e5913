import { PassThroughClient } from 'google-auth-library';
import { expect, test, vi } from 'vitest';
import { Caller } from '../../../../src/destination/bigquery/caller.ts';
import { createApi } from '../../../../src/destination/bigquery/client.ts';
import { Dataset } from '../../../../src/destination/bigquery/dataset.ts';
import { DATASET, hastyClock, startScriptedBigQuery } from '../../../support/bigquery-server.ts';
import { kind } from '../../../support/kind.ts';
import { seededRandom } from '../../../support/seeded-random.ts';

/** What google-auth-library does on a machine without any credentials. */
class NobodyClient extends PassThroughClient {
  override getRequestHeaders(): Promise<never> {
    return Promise.reject(new Error('Could not load the default credentials. Browse to …'));
  }
}

test('without credentials it is said so, at once', async () => {
  await using server = await startScriptedBigQuery({ 'GET datasets/shop': { status: 401, json: {} } });
  const api = createApi(DATASET.project, server.endpoint, { authClient: new NobodyClient() });
  const settings = { endpoint: server.endpoint, location: null, labels: {}, kmsKey: null };
  const dataset = new Dataset(new Caller(api, hastyClock(), seededRandom(1)), DATASET, settings);

  await expect(dataset.location()).rejects.toMatchObject({
    ...kind('destination-denied'),
    remedy: expect.stringContaining('GOOGLE_APPLICATION_CREDENTIALS'),
  });
});

test('the variable of other emulators changes no path', async () => {
  vi.stubEnv('BIGQUERY_EMULATOR_HOST', 'http://127.0.0.1:1');
  try {
    await using server = await startScriptedBigQuery({
      'DELETE datasets/shop/tables/orders_snapshot_x': { status: 204 },
    });
    const table = { name: 'orders', arn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders', tableId: null };

    await server.destination().dropSnapshot(table, 'x');

    expect(server.requests).toHaveLength(1);
  } finally {
    vi.unstubAllEnvs();
  }
});

test('an endpoint where nobody listens is named once patience is over', async () => {
  const settings = { endpoint: null, location: null, labels: {}, kmsKey: null };
  const api = createApi(DATASET.project, 'http://127.0.0.1:1');
  const dataset = new Dataset(new Caller(api, hastyClock(), seededRandom(1)), DATASET, settings);

  await expect(dataset.location()).rejects.toMatchObject(kind('destination-unavailable'));
});
