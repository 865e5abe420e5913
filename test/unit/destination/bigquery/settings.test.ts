import { expect, test } from 'vitest';
import { datasetPath } from '../../../../src/destination/bigquery/dataset-path.ts';
import { bigQuerySettings } from '../../../../src/destination/bigquery/settings.ts';
import { openDestination } from '../../../../src/destinations.ts';
import { kind } from '../../../support/vitest/kind.ts';

test.each([
  ['my-project.shop', { project: 'my-project', dataset: 'shop' }],
  ['test.d', { project: 'test', dataset: 'd' }],
  ['example.com:my-project.Shop_2', { project: 'example.com:my-project', dataset: 'Shop_2' }],
])('%s is a dataset', (text, path) => {
  expect(datasetPath(text)).toEqual(path);
});

test.each(['', 'shop', 'my-project.', '.shop', 'a b.c', 'my-project.shop.orders', 'p.d-x', 'p/../q.d', 'p.`d`'])(
  '"%s" is refused as a dataset, with the form of a dataset',
  (text) => {
    expect(() => datasetPath(text)).toThrow(expect.objectContaining(kind('destination-invalid')));
  },
);

test('a destination opens by its name without any request', async () => {
  await using destination = await openDestination('bigquery:my-project.shop');

  expect(destination.name).toBe('bigquery:my-project.shop');
});

test('without variables there are no settings', () => {
  expect(bigQuerySettings({ TAILRACE_BIGQUERY_LABELS: '', TAILRACE_BIGQUERY_LOCATION: ' ' })).toEqual({
    endpoint: null,
    location: null,
    labels: {},
    kmsKey: null,
    maxBytesBilled: 2 ** 40,
  });
});

test('variables are read', () => {
  expect(
    bigQuerySettings({
      TAILRACE_BIGQUERY_ENDPOINT: 'http://localhost:9050/',
      TAILRACE_BIGQUERY_LOCATION: 'EU',
      TAILRACE_BIGQUERY_LABELS: 'team=data, env=prod,empty=',
      TAILRACE_BIGQUERY_KMS_KEY: 'projects/p/locations/eu/keyRings/r/cryptoKeys/k',
      TAILRACE_BIGQUERY_MAX_BYTES_BILLED: '500GB',
    }),
  ).toEqual({
    endpoint: 'http://localhost:9050',
    location: 'EU',
    labels: { team: 'data', env: 'prod', empty: '' },
    kmsKey: 'projects/p/locations/eu/keyRings/r/cryptoKeys/k',
    maxBytesBilled: 500e9,
  });
});

test('all invalid variables are named at once', () => {
  expect(() =>
    bigQuerySettings({
      TAILRACE_BIGQUERY_ENDPOINT: 'localhost:9050',
      TAILRACE_BIGQUERY_LOCATION: 'europe!',
      TAILRACE_BIGQUERY_LABELS: 'Team=data',
      TAILRACE_BIGQUERY_KMS_KEY: 'k',
      TAILRACE_BIGQUERY_MAX_BYTES_BILLED: '9MB',
    }),
  ).toThrow(/_ENDPOINT is not .*_LOCATION is not .*_LABELS is not .*_KMS_KEY is not .*_MAX_BYTES_BILLED is not /);
});
