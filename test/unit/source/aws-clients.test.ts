import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { ListStreamsCommand } from '@aws-sdk/client-dynamodb-streams';
import { describe, expect, test } from 'vitest';
import { createAwsClients } from '../../../src/source/aws-clients.ts';
import { kind } from '../../support/vitest/kind.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';

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

      expect(clients).toMatchObject({ endpoint: endpointUrl, isLocal: true });
      for (const { config } of [clients.dynamodb, clients.streams]) {
        expect(await config.region()).toBe('us-east-1');
        expect(await config.credentials()).toMatchObject({ accessKeyId: 'local' });
      }
    },
  );

  test('a configured region and credentials are used', async () => {
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
  ] as const)('%s alone: used, and the rest has its default', async (_, settings, variables, region, accessKeyId) => {
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

    expect(clients).toMatchObject({ endpoint: 'http://127.0.0.1:8000', isLocal: true });
    expect(await clients.streams.config.credentials()).toMatchObject({ accessKeyId: 'local' });
  });
});

describe('where one of two endpoints is set', () => {
  const HERE = 'http://127.0.0.1:1';

  test.each([
    ['DYNAMODB', 'DYNAMODB_STREAMS', 'streams'],
    ['DYNAMODB_STREAMS', 'DYNAMODB', 'tables'],
  ])('AWS_ENDPOINT_URL_%s alone: %s is named as missing, and nothing is asked of AWS', async (set, missing, what) => {
    const env = { [`AWS_ENDPOINT_URL_${set}`]: HERE };
    const refused = await inEnvironment(env, async () => {
      using clients = await createAwsClients({});
      return await (what === 'streams'
        ? clients.streams.send(new ListStreamsCommand({}))
        : clients.dynamodb.send(new DescribeTableCommand({ TableName: 'Orders' }))
      ).catch((error: unknown) => error);
    });

    expect(refused).toMatchObject({
      kind: 'config-invalid',
      message: expect.stringContaining(
        `AWS_ENDPOINT_URL_${missing} is not set, though AWS_ENDPOINT_URL_${set} is ${HERE}`,
      ),
      remedy: expect.stringContaining(`Set AWS_ENDPOINT_URL_${missing} too`),
    });
  });

  test('a VPC endpoint of DynamoDB leaves streams with AWS', async () => {
    const endpoint = 'https://vpce-0a1b2c3d.dynamodb.eu-west-1.vpce.amazonaws.com';
    const env = { ...CREDENTIALS, AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_DYNAMODB: endpoint };
    const clients = await inEnvironment(env, () => createAwsClients({}));

    expect(clients).toMatchObject({ endpoint, streamsEndpoint: 'DynamoDB streams in eu-west-1', isAws: true });
    expect(clients.streams.middlewareStack.identify().join()).not.toContain('tailraceRefuse');
  });
});

test.each([
  [{}, {}, 'region us-east-1 (default) and access key local (default)'],
  [{ region: 'eu-west-1' }, {}, 'region eu-west-1 and access key local (default)'],
  [{}, CREDENTIALS, 'region us-east-1 (default) and your access key'],
])('the region and key that a server on this machine gets are known: %j %j', async (settings, env, askedWith) => {
  const clients = await inEnvironment(env, () =>
    createAwsClients({ ...settings, endpointUrl: 'http://127.0.0.1:8000' }),
  );

  expect(clients.askedWith).toBe(askedWith);
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
    const config = join(temporaryFolder(), 'config');
    writeFileSync(config, '[profile sales]\nregion = eu-west-1\n');
    await expect(
      inEnvironment({ AWS_CONFIG_FILE: config }, () => createAwsClients({ profile: 'sales' })),
    ).rejects.toMatchObject({ kind: 'source-denied', message: expect.stringContaining('sales') });
  });

  test.each([
    ['without a region', {}],
    ['without credentials', { AWS_REGION: 'eu-west-1' }],
  ])('a profile that does not exist is named as such, with those that do, also %s', async (_, variables) => {
    const config = join(temporaryFolder(), 'config');
    writeFileSync(config, '[default]\n[profile sales]\n');
    const settings = { AWS_CONFIG_FILE: config, ...variables };
    const expected = {
      kind: 'config-invalid',
      message: expect.stringContaining('There is no AWS profile salse in '),
      remedy: 'Give one of these by --profile: default, sales.',
    };

    await expect(inEnvironment(settings, () => createAwsClients({ profile: 'salse' }))).rejects.toMatchObject(expected);
    await expect(
      inEnvironment({ ...settings, AWS_PROFILE: 'salse' }, () => createAwsClients({})),
    ).rejects.toMatchObject(expected);
  });

  test('a mistyped region is named as such before credentials are looked for', async () => {
    await expect(inEnvironment({}, () => createAwsClients({ region: 'eu-wst-1' }))).rejects.toMatchObject({
      kind: 'config-invalid',
      message: expect.stringContaining('There is no AWS region "eu-wst-1"'),
      remedy: 'Did you mean eu-west-1? Correct it in --region.',
    });
  });

  test('a server of your own takes any region', async () => {
    const endpointUrl = 'https://dynamodb.example.com';

    const { dynamodb } = await inEnvironment(CREDENTIALS, () => createAwsClients({ region: 'dynoxide', endpointUrl }));

    expect(await dynamodb.config.region()).toBe('dynoxide');
  });

  test('an endpoint that is not on this machine gets no harmless credentials', async () => {
    await expect(
      inEnvironment({}, () => createAwsClients({ region: 'eu-west-1', endpointUrl: 'https://dynamodb.example.com' })),
    ).rejects.toMatchObject(kind('source-denied'));
  });

  test('with both, the endpoint is AWS’s own', async () => {
    const clients = await inEnvironment(CREDENTIALS, () => createAwsClients({ region: 'eu-west-1' }));

    expect(clients).toMatchObject({ endpoint: 'DynamoDB in eu-west-1', isLocal: false });
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
