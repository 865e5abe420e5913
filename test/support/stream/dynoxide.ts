import { randomBytes } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startEmbeddedServer } from '../../../demo/embedded-server.ts';
import { TailraceError } from '../../../src/errors.ts';
import type { StreamViewType } from '../../../src/source/table-reader.ts';

/** An embedded DynamoDB server for tests. Disposing of it stops it and leaves nothing behind. */
export interface Dynoxide extends AsyncDisposable {
  readonly endpointUrl: string;
  /** A plain client, for the test's own writes to the table. */
  readonly client: DynamoDBClient;
  /** Creates a table with a new name: under a used name there would be the old table's stream records. */
  createTable(options?: TableOptions): Promise<TestTable>;
}

export type TableOptions = {
  /** The beginning of the name. */
  readonly prefix?: string;
  /** The whole name, in a server that has no other tables. @default a name of its own */
  readonly name?: string;
  /** Partition key, then sort key, by name and type. */
  readonly keys?: Readonly<Record<string, 'S' | 'N' | 'B'>>;
  /** `null` for a table without a stream. */
  readonly stream?: StreamViewType | null;
};

export type TestTable = { readonly name: string; readonly arn: string; readonly streamArn: string | null };

/** Starts a server. */
export async function startDynoxide(): Promise<Dynoxide> {
  const server = await startEmbeddedServer();
  const client = new DynamoDBClient({
    endpoint: server.endpointUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    endpointUrl: server.endpointUrl,
    client,
    createTable: (options) => createTable(client, options),
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function createTable(
  client: DynamoDBClient,
  { prefix = 'orders', name, keys = { pk: 'S' }, stream = 'NEW_AND_OLD_IMAGES' }: TableOptions = {},
): Promise<TestTable> {
  const { TableDescription: table } = await client.send(
    new CreateTableCommand({
      TableName: name ?? `${prefix}-${randomBytes(6).toString('hex')}`,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: Object.keys(keys).map((AttributeName, index) => ({
        AttributeName,
        KeyType: index === 0 ? 'HASH' : 'RANGE',
      })),
      AttributeDefinitions: Object.entries(keys).map(([AttributeName, AttributeType]) => ({
        AttributeName,
        AttributeType,
      })),
      ...(stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: stream } }),
    }),
  );
  if (!table?.TableName || !table.TableArn) throw new TailraceError('source-invalid', 'The server made no table');
  return { name: table.TableName, arn: table.TableArn, streamArn: table.LatestStreamArn ?? null };
}
