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
import type { ShopTable, StagedTable } from './shop-table.ts';

/** Where the demo plays: a DynamoDB with fresh tables, which are empty. Disposing of it leaves nothing behind. */
export interface Stage extends AsyncDisposable {
  readonly clients: AwsClients;
  readonly tables: readonly StagedTable[];
  /** What serves DynamoDB, for people. */
  readonly endpoint: string;
}

/** A table that isn't there by then never will be. */
const CREATE_TIMEOUT_S = 60;

/**
 * Starts the embedded server and creates the tables in it; or creates tables under names of their own at the user's
 * endpoint, and deletes them at the end.
 *
 * @throws {TailraceError} `config-invalid` where there is no embedded server for this platform; as the creation of
 *   a table fails, such as `source-unavailable` where nothing answers at the endpoint.
 */
export async function setStage(
  endpointUrl: string | undefined,
  shop: readonly ShopTable[],
  random: Random,
): Promise<Stage> {
  await using parts = new AsyncDisposableStack();
  const server = endpointUrl === undefined ? parts.use(await startEmbeddedServer()) : { endpointUrl };
  const clients = parts.use(await createAwsClients({ endpointUrl: server.endpointUrl }));

  const ending = endpointUrl === undefined ? '' : `-demo-${random.hex(8)}`;
  const tables = shop.map((table) => ({ shop: table, name: `${table.name}${ending}` }));
  for (const table of tables) {
    await create(clients.dynamodb, table, server.endpointUrl);
    if (endpointUrl !== undefined) parts.defer(() => remove(clients.dynamodb, table.name));
  }
  const waiter = { client: clients.dynamodb, maxWaitTime: CREATE_TIMEOUT_S, minDelay: 1 };
  await Promise.all(tables.map(({ name }) => waitUntilTableExists(waiter, { TableName: name })));

  const owned = parts.move();
  const endpoint = endpointUrl === undefined ? `embedded server, ${server.endpointUrl}` : server.endpointUrl;
  return { clients, tables, endpoint, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function create(client: DynamoDBClient, { shop, name }: StagedTable, endpoint: string): Promise<void> {
  try {
    await client.send(new CreateTableCommand(shop.form(name)));
  } catch (error) {
    throw awsError(error, { action: 'dynamodb:CreateTable', subject: `table ${name}`, endpoint });
  }
}

async function remove(client: DynamoDBClient, table: string): Promise<void> {
  await client.send(new DeleteTableCommand({ TableName: table }));
}
