import { DeleteTableCommand, PutItemCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import type { KeyedTable } from '../../model/keyed-table.ts';
import { type TimedEnd, timedStage } from '../../support/stages/timed-stage.ts';
import { kind } from '../../support/vitest/kind.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test('each command gets what it asks for from a service that throttles, fails, breaks off and loses answers', async () => {
  const stage = await timedStage({ pageBytes: 300, pageRecords: 3, batchGets: 2 });
  await stage.clock.run(
    (async () => {
      const { clock, server, tailrace } = stage;
      const table = server.dynamodb.createTable('orders', [{ name: 'id', type: 'S' }]);
      table.enableStream(0, 0);
      fill(table, 40);
      await clock.sleep(10 * MINUTE);
      fill(table, 10);
      await clock.sleep(10 * MINUTE);
      // The SDK tries three times by itself; of a reading that takes long, more is sat out.
      const pairs = [
        ['throttle', 'fail'],
        ['lose-request', 'lose-response'],
        ['refuse', 'throttle'],
      ] as const;
      let round = 0;
      const troubled = async (...args: readonly string[]) => {
        server.heal();
        for (const operation of ['DescribeTable', 'DescribeStream', 'GetShardIterator', 'GetRecords', 'BatchGetItem'])
          server.failNext(operation, ...(pairs[round % pairs.length] ?? []));
        server.failNext('Scan', ...pairs.flat());
        round++;
        return tailrace('troubled', ...args);
      };

      expect(await troubled('setup', 'orders')).toMatchObject({ code: 0 });
      expect(await troubled('backfill', 'orders', '--json')).toMatchObject({ code: 0 });
      expect(await troubled('verify', 'orders')).toMatchObject({ code: 0 });
      const replayed = await troubled('replay', 'orders', '--stream', '--json');
      expect(replayed.code).toBe(0);
      expect(last(replayed)).toMatchObject({ records: table.changes.length, lost: 0 });
      const gaps = await troubled('gaps', 'orders', '--json');
      expect(last(gaps)).toMatchObject({ streamed: table.changes.length, missing: 0, lost: 0 });
    })(),
  );
});

test('a stream that is switched off and on has a new label; records of the old one are read by its ARN', async () => {
  const stage = await timedStage({ enablingMs: 5_000, lateMs: 500 });
  await stage.clock.run(
    (async () => {
      const { clock, server, client, tailrace } = stage;
      const table = server.dynamodb.createTable('orders', [{ name: 'id', type: 'S' }]);
      expect(await tailrace('into', 'setup', 'orders', '--enable-stream')).toMatchObject({ code: 0 });
      await clock.sleep(MINUTE);
      fill(table, 5);
      const old = table.stream?.arn ?? '';
      const off = { TableName: 'orders', StreamSpecification: { StreamEnabled: false } };
      await client.send(new UpdateTableCommand(off));
      fill(table, 1);
      expect(await tailrace('into', 'tail', 'orders')).toMatchObject({ code: 2 });
      expect(await tailrace('into', 'setup', 'orders', '--enable-stream')).toMatchObject({ code: 0 });
      await clock.sleep(MINUTE);
      fill(table, 3);
      await clock.sleep(MINUTE);

      const now = await tailrace('into', 'replay', 'orders', '--stream', '--json');
      const before = await tailrace('into', 'replay', 'orders', '--stream', '--stream-arn', old, '--json');

      expect(table.stream?.arn).not.toBe(old);
      expect([now.code, last(now)['records']]).toEqual([0, 3]);
      expect([before.code, last(before)['records']]).toEqual([0, 5]);
      await clock.sleep(25 * HOUR);
      const late = await tailrace('into', 'replay', 'orders', '--stream', '--stream-arn', old, '--json');
      expect(late.code).toBe(2);
    })(),
  );
});

test('a removal by time to live names its remover, and a write that changes nothing leaves no record', async () => {
  const stage = await timedStage({});
  await stage.clock.run(
    (async () => {
      const { clock, server, client, tailrace } = stage;
      const table = server.dynamodb.createTable('orders', [{ name: 'id', type: 'S' }]);
      table.enableStream(0, 0);
      await tailrace('into', 'setup', 'orders');
      for (const N of ['1', '1', '2'])
        await client.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: 'a' }, n: { N } } }));
      table.remove({ id: { S: 'a' } }, { expired: true });
      table.put({ id: { S: 'a' } });
      await clock.sleep(MINUTE);

      expect(last(await tailrace('into', 'replay', 'orders', '--stream', '--json'))).toMatchObject({ records: 4 });
      const select = 'SELECT operation, expired FROM orders_changelog ORDER BY position';
      const rows = await tailrace('into', 'query', select, '--json');
      expect(
        rows.stdout
          .trim()
          .split('\n')
          .map((row) => JSON.parse(row)),
      ).toEqual([
        { operation: 'INSERT', expired: false },
        { operation: 'MODIFY', expired: false },
        { operation: 'REMOVE', expired: true },
        { operation: 'INSERT', expired: false },
      ]);
    })(),
  );
});

test('the stream of a deleted table is there for a day, switched off', async () => {
  const stage = await timedStage({});
  await stage.clock.run(
    (async () => {
      const { clock, server, client, streams } = stage;
      const table = server.dynamodb.createTable('orders', [{ name: 'id', type: 'S' }]);
      table.enableStream(0, 0);
      fill(table, 5);
      const { arn = '' } = table.stream ?? {};
      await client.send(new DeleteTableCommand({ TableName: 'orders' }));
      await clock.sleep(MINUTE);

      const { status, shards } = await streams.describe(arn);
      const iterator = await streams.iterator(arn, shards[0]?.id ?? '', { at: 'TRIM_HORIZON' });
      const page = await streams.records(iterator);

      expect([status, page.records.length, page.nextIterator]).toEqual(['DISABLED', 5, null]);
      await clock.sleep(24 * HOUR);
      await expect(streams.describe(arn)).rejects.toMatchObject(kind('stream-missing'));
    })(),
  );
});

function fill(table: KeyedTable, count: number): void {
  for (let index = 0; index < count; index++) {
    table.put({ id: { S: `order-${index}` }, change: { N: String(table.changes.length) } });
  }
}

/** The last line that a command wrote for a script. */
function last({ stdout }: TimedEnd): Readonly<Record<string, unknown>> {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) || '{}');
}
