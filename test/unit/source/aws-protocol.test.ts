import { expect, test, vi } from 'vitest';
import { createAwsClients } from '../../../src/source/aws-clients.ts';

// Like a version of the SDK whose clients have another default protocol than JSON.
const OTHER = vi.hoisted(() => ({ getShapeId: () => 'smithy.protocols#rpcv2Cbor', setSerdeContext() {} }));

vi.mock('@aws-sdk/client-dynamodb', async (original) => {
  const sdk = await original<typeof import('@aws-sdk/client-dynamodb')>();
  class DynamoDBClient extends sdk.DynamoDBClient {
    constructor(options: object) {
      super({ protocol: OTHER, ...options } as never);
    }
  }
  return { ...sdk, DynamoDBClient };
});

vi.mock('@aws-sdk/client-dynamodb-streams', async (original) => {
  const sdk = await original<typeof import('@aws-sdk/client-dynamodb-streams')>();
  class DynamoDBStreamsClient extends sdk.DynamoDBStreamsClient {
    constructor(options: object) {
      super({ protocol: OTHER, ...options } as never);
    }
  }
  return { ...sdk, DynamoDBStreamsClient };
});

test('DynamoDB and its streams are spoken to in JSON, whatever the SDK would choose: pages are read by our own reader', async () => {
  using clients = await createAwsClients({ endpointUrl: 'http://127.0.0.1:8000' }, {});

  for (const { config } of [clients.dynamodb, clients.streams]) {
    expect(Reflect.get(config, 'protocol').getShapeId()).toBe('aws.protocols#awsJson1_0');
  }
});
