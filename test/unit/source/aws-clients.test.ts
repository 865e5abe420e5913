import { describe, expect, test } from 'vitest';
import { createAwsClients } from '../../../src/source/aws-clients.ts';
import { kind } from '../../support/kind.ts';

// The SDK reads the process's own environment; these tests leave it nothing to find.
const BARE = {
  AWS_CONFIG_FILE: '/nowhere/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
  AWS_EC2_METADATA_DISABLED: 'true',
};

async function inEnvironment<T>(variables: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  const before = process.env;
  const clean = Object.entries(before).filter(([name]) => !name.startsWith('AWS_'));
  process.env = { ...Object.fromEntries(clean), ...BARE, ...variables };
  try {
    return await work();
  } finally {
    process.env = before;
  }
}

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' };

describe('on a loopback endpoint', () => {
  test.each(['http://127.0.0.1:8000', 'http://localhost:8000', 'http://[::1]:8000', 'https://dynamodb.localhost'])(
    '%s nothing else is needed',
    async (endpointUrl) => {
      const clients = await inEnvironment({}, () => createAwsClients({ endpointUrl }));

      expect(clients).toMatchObject({ place: endpointUrl, isLocal: true });
      for (const { config } of [clients.dynamodb, clients.streams]) {
        expect(await config.region()).toBe('us-east-1');
        expect(await config.credentials()).toMatchObject({ accessKeyId: 'local' });
      }
    },
  );

  test('a region and credentials that are there are kept', async () => {
    const { dynamodb } = await inEnvironment({ ...CREDENTIALS, AWS_REGION: 'eu-west-1' }, () =>
      createAwsClients({ endpointUrl: 'http://127.0.0.1:8000' }),
    );

    expect(await dynamodb.config.region()).toBe('eu-west-1');
    expect(await dynamodb.config.credentials()).toMatchObject({ accessKeyId: 'AKIAEXAMPLE' });
  });

  test.each([
    ['a region', { region: 'eu-west-1' }, {}, 'eu-west-1', 'local'],
    ['AWS_REGION', {}, { AWS_REGION: 'eu-west-1' }, 'eu-west-1', 'local'],
    ['credentials', {}, CREDENTIALS, 'us-east-1', 'AKIAEXAMPLE'],
  ] as const)('%s alone: kept, and the rest has its default', async (_, settings, variables, region, accessKeyId) => {
    const { dynamodb } = await inEnvironment(variables, () =>
      createAwsClients({ ...settings, endpointUrl: 'http://127.0.0.1:8000' }),
    );

    expect(await dynamodb.config.region()).toBe(region);
    expect(await dynamodb.config.credentials()).toMatchObject({ accessKeyId });
  });

  test('the SDK’s own variables for endpoints count as well', async () => {
    const endpoints = {
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000',
      AWS_ENDPOINT_URL_DYNAMODB_STREAMS: 'http://127.0.0.1:8001',
    };

    const clients = await inEnvironment(endpoints, () => createAwsClients({}));

    expect(clients).toMatchObject({ place: 'http://127.0.0.1:8000', isLocal: true });
    expect(await clients.streams.config.credentials()).toMatchObject({ accessKeyId: 'local' });
  });
});

describe('elsewhere', () => {
  test('a missing region is named', async () => {
    await expect(inEnvironment(CREDENTIALS, () => createAwsClients({}))).rejects.toMatchObject({
      ...kind('config-invalid'),
      remedy: expect.stringContaining('--region'),
    });
  });

  test('missing credentials are named, with the profile they were looked for in', async () => {
    await expect(inEnvironment({}, () => createAwsClients({ region: 'eu-west-1' }))).rejects.toMatchObject(
      kind('source-denied'),
    );
    await expect(
      inEnvironment({}, () => createAwsClients({ region: 'eu-west-1', profile: 'sales' })),
    ).rejects.toMatchObject({ kind: 'source-denied', message: expect.stringContaining('sales') });
  });

  test('an endpoint that is not on this machine gets no harmless credentials', async () => {
    await expect(
      inEnvironment({}, () => createAwsClients({ region: 'eu-west-1', endpointUrl: 'https://dynamodb.example.com' })),
    ).rejects.toMatchObject(kind('source-denied'));
  });

  test('with both, the place is AWS’s own', async () => {
    const clients = await inEnvironment(CREDENTIALS, () => createAwsClients({ region: 'eu-west-1' }));

    expect(clients).toMatchObject({ place: 'DynamoDB in eu-west-1', isLocal: false });
  });
});

test.each(['127.0.0.1:8000', 'ftp://localhost', 'nonsense', ''])(
  'the endpoint "%s" is refused',
  async (endpointUrl) => {
    await expect(inEnvironment({}, () => createAwsClients({ endpointUrl }))).rejects.toMatchObject(
      kind('config-invalid'),
    );
  },
);

test('a region that can’t be one is named', async () => {
  await expect(inEnvironment(CREDENTIALS, () => createAwsClients({ region: 'eu west' }))).rejects.toMatchObject({
    ...kind('config-invalid'),
    message: expect.stringContaining('eu west'),
  });
});
