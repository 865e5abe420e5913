import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, onTestFinished, test } from 'vitest';
import { createWorkplace } from '../../support/process/tailrace-process.ts';
import { type Dynoxide, startDynoxide } from '../../support/stream/dynoxide.ts';
import { streamRecord } from '../../support/stream/record.ts';
import { deadLetter } from '../../support/values/dead-letter.ts';

const TO = ['--destination', 'duckdb:shop.duckdb'];

/** A fast server creates both tables within a second, and then the table of a stream is unknown. */
const NOT_TODAYS = /is of an earlier table of this name|isn't known to belong to the table in the destination/;

/** A server that holds its tables in memory, with the table Orders and one item. */
async function morning(item: string, stream: boolean): Promise<Dynoxide & { readonly streamArn: string | undefined }> {
  const server = await startDynoxide();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const { TableDescription: made } = await server.client.send(
    new CreateTableCommand({
      TableName: 'Orders',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      ...(stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } }),
    }),
  );
  await server.client.send(new PutItemCommand({ TableName: 'Orders', Item: { id: { S: item } } }));
  return Object.assign(server, { streamArn: made?.LatestStreamArn });
}

test('a table that was created again never mixes with the earlier one, and each message names the way out', async () => {
  await using workplace = await createWorkplace({ inProcess: true });
  const yesterday = await morning('of yesterday', true);
  const at = (server: Dynoxide) => [...TO, '--endpoint-url', server.endpointUrl];
  await workplace.tailrace(['setup', 'Orders', ...at(yesterday)]);
  await workplace.tailrace(['backfill', 'Orders', ...at(yesterday)]);
  const oldStream = yesterday.streamArn ?? '';
  const letters = join(workplace.directory, '.tailrace', 'Orders', 'dead-letters');
  await mkdir(letters, { recursive: true });
  const record = streamRecord({ streamArn: oldStream, keys: { id: { S: 'of a letter' } } });
  await writeFile(
    join(letters, '1-0123456789abcdef.json'),
    JSON.stringify(deadLetter({ stream_arn: oldStream, record })),
  );
  await writeFile(join(workplace.directory, 'event.json'), JSON.stringify({ Records: [record] }));
  await yesterday[Symbol.asyncDispose]();

  const today = await morning('of today', false);
  const refused = ['tail', 'backfill', 'gaps --fill', 'verify --repair', 'replay --stream', 'setup --enable-stream'];
  for (const line of refused) {
    const [command = '', ...options] = line.split(' ');
    const { code, stderr } = await workplace.tailrace([command, 'Orders', ...options, ...at(today)]);
    expect([line, code]).toEqual([line, 2]);
    expect(stderr).toMatch(/tailrace\S* remove Orders --yes [^`]*`/);
    expect(stderr).not.toContain('has no stream');
  }
  expect((await workplace.tailrace(['status', ...at(today)])).stderr).toMatch(/tailrace\S* remove Orders --yes [^`]*`/);

  const removed = await workplace.tailrace(['remove', 'Orders', '--yes', ...TO]);
  expect(removed.code).toBe(0);
  expect(removed.stdout).toContain('1 dead letter stays in');
  const setUp = await workplace.tailrace(['setup', 'Orders', '--enable-stream', ...at(today)]);
  const backfilled = await workplace.tailrace(['backfill', 'Orders', ...at(today)]);
  expect([setUp.code, backfilled.code]).toEqual([0, 0]);

  // Everything from yesterday is named and left, whatever delivers it.
  const replayed = await workplace.tailrace(['replay', 'Orders', '--file', 'event.json', ...TO]);
  const delivered = await workplace.tailrace(['dead-letters', 'replay', 'Orders', '--all', ...TO]);
  const rolledBack = await workplace.tailrace(['snapshots', 'rollback', 'Orders', ...TO]);
  expect([replayed.code, delivered.code, rolledBack.code]).toEqual([1, 1, 2]);
  expect(replayed.stdout).toMatch(NOT_TODAYS);
  expect(delivered.stdout).toMatch(NOT_TODAYS);

  const shown = await workplace.tailrace(['query', 'SELECT key FROM Orders_latest', '--json', ...TO]);
  expect(JSON.parse(shown.stdout)).toEqual({ key: '["of today"]' });
  const { code, stderr } = await workplace.tailrace(['verify', 'Orders', ...at(today)]);
  expect([code, stderr]).toEqual([0, '']);
}, 120_000);
