import {
  CreateTableCommand,
  DeleteTableCommand,
  type DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { Random } from '../src/random.ts';
import { type AwsClients, createAwsClients } from '../src/source/aws-clients.ts';
import { awsError } from '../src/source/aws-error.ts';
import { startEmbeddedServer } from './embedded-server.ts';
import { ordersTable } from './shop.ts';

/** Where the demo plays: a DynamoDB with a fresh table of orders. Disposing of it leaves nothing behind. */
export interface Stage extends AsyncDisposable {
  readonly clients: AwsClients;
  readonly table: string;
  /** What serves DynamoDB, for people. */
  readonly endpoint: string;
}

/** A table that isn't there by then never will be. */
const CREATE_TIMEOUT_S = 60;

/**
 * Starts the embedded server and creates the table in it; or creates a table under a name of its own at the user's
 * endpoint, and deletes it at the end.
 *
 * @throws {TailraceError} `config-invalid` where there is no embedded server for this platform; as the creation of
 *   the table fails, such as `source-unavailable` where nothing answers at the endpoint.
 */
export async function setStage(endpointUrl: string | undefined, random: Random): Promise<Stage> {
  await using parts = new AsyncDisposableStack();
  const server = endpointUrl === undefined ? parts.use(await startEmbeddedServer()) : { endpointUrl };
  const clients = parts.use(await createAwsClients({ endpointUrl: server.endpointUrl }));

  const table = endpointUrl === undefined ? 'Orders' : `Orders-demo-${random.hex(8)}`;
  try {
    await clients.dynamodb.send(new CreateTableCommand(ordersTable(table)));
  } catch (error) {
    throw awsError(error, { action: 'dynamodb:CreateTable', subject: `table ${table}`, endpoint: server.endpointUrl });
  }
  if (endpointUrl !== undefined) parts.defer(() => remove(clients.dynamodb, table));
  await waitUntilTableExists(
    { client: clients.dynamodb, maxWaitTime: CREATE_TIMEOUT_S, minDelay: 1 },
    { TableName: table },
  );

  const owned = parts.move();
  const endpoint = endpointUrl === undefined ? `embedded server, ${server.endpointUrl}` : server.endpointUrl;
  return { clients, table, endpoint, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function remove(client: DynamoDBClient, table: string): Promise<void> {
  await client.send(new DeleteTableCommand({ TableName: table }));
}
