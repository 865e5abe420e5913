import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServiceDirectory, serviceDirectory } from '../../support/process/lambda-package.ts';

type Resource = { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> };
type Template = {
  readonly Parameters: Readonly<Record<string, { readonly Default?: string; readonly AllowedPattern?: string }>>;
  readonly Resources: Readonly<Record<string, Resource>>;
};

const TABLES = ['Orders', 'shop.carts-2'];

let service: ServiceDirectory;
let template: Template;
beforeAll(async () => {
  service = await serviceDirectory(TABLES);
  const { code, output } = await service.serverless('package');
  if (code !== 0) throw new Error(output);
  template = (await service.readPackaged('cloudformation-template-update-stack.json')) as Template;
}, 60_000);
afterAll(() => service[Symbol.asyncDispose]());

function ofType(type: string) {
  return Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
}

/** The only policy of a role. */
function statements(role: string): unknown {
  const policies = template.Resources[role]?.Properties['Policies'];
  expect(policies).toHaveLength(1);
  return (policies as [{ PolicyDocument: { Statement: unknown } }])[0].PolicyDocument.Statement;
}

function inBucket(path: string) {
  return { 'Fn::Sub': `\${FailureBucket.Arn}/${path}` };
}

function rulesOf(bucket: string): readonly object[] {
  const lifecycle = template.Resources[bucket]?.Properties['LifecycleConfiguration'];
  return (lifecycle as { readonly Rules: readonly object[] }).Rules;
}

describe('packaged without any value', () => {
  test('each table has one function and one mapping, of its own stream', () => {
    expect(ofType('AWS::Lambda::Function').map(([id]) => id)).toEqual([
      'OrdersLambdaFunction',
      'ShopDotcartsDash2LambdaFunction',
    ]);
    for (const table of ['Orders', 'ShopDotcartsDash2']) {
      const { Properties: lambda } = template.Resources[`${table}LambdaFunction`] ?? {};
      const { Properties: mapping } = template.Resources[`${table}EventSourceMapping`] ?? {};
      expect(lambda).toMatchObject({
        Role: { 'Fn::GetAtt': [`${table}Role`, 'Arn'] },
        Environment: {
          Variables: {
            TAILRACE_STREAM_ARN: { Ref: `${table}StreamArn` },
            TAILRACE_DEAD_LETTER_BUCKET: { Ref: 'FailureBucket' },
            TAILRACE_DEAD_LETTER_BUCKET_OWNER: { Ref: 'AWS::AccountId' },
            TAILRACE_DESTINATION: { Ref: 'Destination' },
          },
        },
      });
      expect(mapping).toMatchObject({
        EventSourceArn: { Ref: `${table}StreamArn` },
        FunctionName: { 'Fn::GetAtt': [`${table}LambdaFunction`, 'Arn'] },
      });
    }
    expect(ofType('AWS::Lambda::EventSourceMapping')).toHaveLength(TABLES.length);
  });

  test('no parameter that has to be given has a default: it can not be deployed by mistake', async () => {
    const open = Object.entries(template.Parameters).filter(([, { Default }]) => Default === undefined);
    expect(open.map(([name]) => name).sort()).toEqual(['Destination', 'OrdersStreamArn', 'ShopDotcartsDash2StreamArn']);

    const { code, output } = await service.serverless('deploy');
    expect(code).toBe(1);
    for (const [name] of open) expect(output).toContain(`${name} has no value`);
  });

  test.each([
    ['OrdersStreamArn', 'arn:aws:dynamodb:eu-west-1:123456789012:table/Orders/stream/2026-01-02T03:04:05.678', true],
    [
      'OrdersStreamArn',
      'arn:aws-cn:dynamodb:cn-north-1:123456789012:table/Orders/stream/2026-01-02T03:04:05.678',
      true,
    ],
    ['OrdersStreamArn', 'arn:aws:dynamodb:eu-west-1:123456789012:table/Other/stream/2026-01-02T03:04:05.678', false],
    ['OrdersStreamArn', 'arn:aws:dynamodb:eu-west-1:123456789012:table/Orders', false],
    ['ShopDotcartsDash2StreamArn', 'arn:aws:dynamodb:eu-west-1:123456789012:table/shop.carts-2/stream/x', true],
    ['ShopDotcartsDash2StreamArn', 'arn:aws:dynamodb:eu-west-1:123456789012:table/shop_carts-2/stream/x', false],
    ['Destination', 'bigquery:my-shop.tailrace', true],
    ['Destination', 'duckdb:shop.duckdb', false],
  ])('%s takes %s: %s', (parameter, value, taken) => {
    const pattern = new RegExp(`^(?:${template.Parameters[parameter]?.AllowedPattern})$`);

    expect(pattern.test(value)).toBe(taken);
  });
});

test('a failure is retried by age, halved, reported by record, and in the end stored in S3', () => {
  for (const [, { Properties }] of ofType('AWS::Lambda::EventSourceMapping')) {
    expect(Properties).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: -1,
      MaximumRecordAgeInSeconds: 20 * 3600,
      ParallelizationFactor: 1,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['FailureBucket', 'Arn'] } } },
    });
    expect(Properties).not.toHaveProperty('TumblingWindowInSeconds');
  }
});

test('functions run where the bundle was made for, with nothing reserved, and their logs expire', () => {
  for (const [id, { Properties }] of ofType('AWS::Lambda::Function')) {
    expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], MemorySize: 256, Timeout: 60 });
    expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    expect(template.Resources[id.replace('LambdaFunction', 'LogGroup')]?.Properties).toMatchObject({
      LogGroupName: `/aws/lambda/${Properties['FunctionName']}`,
      RetentionInDays: 30,
    });
  }
});

test('a role may do what its function needs, on its own stream and bucket, and nothing else', () => {
  expect(statements('ShopDotcartsDash2Role')).toEqual([
    {
      Sid: 'ReadTheStream',
      Effect: 'Allow',
      Action: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
      Resource: { Ref: 'ShopDotcartsDash2StreamArn' },
    },
    {
      Sid: 'StoreFailures',
      Effect: 'Allow',
      Action: 's3:PutObject',
      Resource: [inBucket('dead-letters/shop.carts-2/*'), inBucket('aws/lambda/*')],
      Condition: { StringEquals: { 's3:ResourceAccount': { Ref: 'AWS::AccountId' } } },
    },
    {
      Sid: 'FindTheBucket',
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: { 'Fn::GetAtt': ['FailureBucket', 'Arn'] },
    },
    {
      Sid: 'WriteLogs',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: { 'Fn::GetAtt': ['ShopDotcartsDash2LogGroup', 'Arn'] },
    },
    {
      'Fn::If': [
        'ShopDotcartsDash2HasKey',
        {
          Sid: 'DecryptTheStream',
          Effect: 'Allow',
          Action: 'kms:Decrypt',
          Resource: { Ref: 'ShopDotcartsDash2KeyArn' },
        },
        { Ref: 'AWS::NoValue' },
      ],
    },
  ]);
  // One role a table, and no shared one that the framework would add.
  expect(ofType('AWS::IAM::Role').map(([id]) => id)).toEqual(['OrdersRole', 'ShopDotcartsDash2Role']);
});

test('every bucket, the package’s own too, is closed to the public', () => {
  expect(ofType('AWS::S3::Bucket').map(([id]) => id)).toEqual(['ServerlessDeploymentBucket', 'FailureBucket']);
  for (const [, { Properties }] of ofType('AWS::S3::Bucket')) {
    expect(Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  }
});

test('only replayed letters expire in the failure bucket: no batch that Lambda gave up does', () => {
  const expiring = rulesOf('FailureBucket').filter((rule) => 'ExpirationInDays' in rule || 'ExpirationDate' in rule);

  expect(expiring).toMatchObject([{ Prefix: 'replayed/', ExpirationInDays: 30 }]);
});

test('an object that is overwritten or removed in the failure bucket can be restored for a month', () => {
  expect(template.Resources['FailureBucket']?.Properties).toMatchObject({
    VersioningConfiguration: { Status: 'Enabled' },
  });
  const dropping = rulesOf('FailureBucket').filter((rule) => 'NoncurrentVersionExpiration' in rule);
  expect(dropping).toEqual([
    expect.objectContaining({ Prefix: 'replayed/', NoncurrentVersionExpiration: { NoncurrentDays: 1 } }),
    {
      Id: 'drop-earlier-versions',
      Status: 'Enabled',
      NoncurrentVersionExpiration: { NoncurrentDays: 30 },
      ExpiredObjectDeleteMarker: true,
    },
  ]);
});

test('the failure bucket is encrypted, spoken to by TLS only, and outlives the stack', () => {
  expect(template.Resources['FailureBucket']).toMatchObject({
    DeletionPolicy: 'Retain',
    Properties: {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    },
  });
  expect(template.Resources['FailureBucketPolicy']?.Properties).toMatchObject({
    Bucket: { Ref: 'FailureBucket' },
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [{ 'Fn::GetAtt': ['FailureBucket', 'Arn'] }, inBucket('*')],
          Condition: { Bool: { 'aws:SecureTransport': false } },
        },
      ],
    },
  });
});
