import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { objectNames } from '../../../src/names/object-names.ts';
import { tableStage } from '../../support/stages/table-stage.ts';
import { fillTable, keepWriting } from '../../support/stream/table-writer.ts';
import { VERIFIES } from '../../support/vitest/budget.ts';

test('a table that is written to while it is read arrives whole, and what is deleted meanwhile stays deleted', async () => {
  const stage = await tableStage();
  await fillTable(stage.server.client, stage.table.name, 3_000, 1_000);
  const writing = keepWriting(stage.server.client, stage.table.name, 3_000);

  const backfill = await stage.backfill();
  await stage.follow();
  const writes = await writing.stop();
  const verify = await stage.verify();

  // Each fifth is a deletion. How many there are in this time is the machine's business.
  expect(writes).toBeGreaterThanOrEqual(5);
  expect(backfill).toMatchObject({ setAside: 0, replaced: null });
  expect(verify).toMatchObject({ verdict: 'agree', findings: [], unsettled: 0 });
});

test('what is missing, extra or different in the latest view is found by its key', async () => {
  const stage = await tableStage();
  await fillTable(stage.server.client, stage.table.name, 200);
  const { snapshotId } = await stage.backfill();
  const rows = stage.place.table(objectNames(stage.table.name).snapshot(snapshotId));
  await stage.destination[Symbol.asyncDispose]();
  await stage.place.run(
    `DELETE FROM ${rows} WHERE key = '["item-7"]'`,
    `INSERT INTO ${rows} BY NAME SELECT '["no-item"]' AS key, item, digest FROM ${rows} WHERE key = '["item-8"]'`,
    `UPDATE ${rows} SET digest = repeat('0', 32) WHERE key = '["item-9"]'`,
  );
  const destination = await stage.place.open();

  const verify = await stage.verify({ destination, lagMs: 200 });

  expect(verify.verdict).toBe('differ');
  expect(verify.findings.toSorted((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1))).toEqual([
    { key: '["item-7"]', finding: 'missing' },
    { key: '["item-9"]', finding: 'different', reason: expect.stringContaining('digest') },
    { key: '["no-item"]', finding: 'extra' },
  ]);
  await destination[Symbol.asyncDispose]();
});

test('an item that is not what its digest says is found by the sample', async () => {
  const stage = await tableStage();
  await fillTable(stage.server.client, stage.table.name, 50);
  const { snapshotId } = await stage.backfill();
  const rows = stage.place.table(objectNames(stage.table.name).snapshot(snapshotId));
  await stage.destination[Symbol.asyncDispose]();
  await stage.place.run(`UPDATE ${rows} SET item = '{"pk":"item-3"}' WHERE key = '["item-3"]'`);
  const destination = await stage.place.open();

  const verify = await stage.verify({ destination, lagMs: 200, whole: 50 });

  expect(verify).toMatchObject({
    verdict: 'differ',
    findings: [{ key: '["item-3"]', finding: 'different', reason: expect.stringContaining('digest') }],
    whole: 50,
  });
  await destination[Symbol.asyncDispose]();
});

test('verify raises no false alarm while writes go on, however often it is run', {
  timeout: 30_000 + VERIFIES * 5_000,
}, async () => {
  const stage = await tableStage();
  await fillTable(stage.server.client, stage.table.name, 500);
  await stage.backfill();
  await stage.follow();
  const writing = keepWriting(stage.server.client, stage.table.name, 200);

  for (let run = 0; run < VERIFIES; run++) {
    expect(await stage.verify({ lagMs: 3_000 })).toMatchObject({ verdict: 'agree', findings: [] });
  }

  expect(await writing.stop()).toBeGreaterThan(100);
});

test('a second backfill repairs what the stream never brought, deletions included', async () => {
  const stage = await tableStage();
  const { client } = stage.server;
  await fillTable(client, stage.table.name, 100);
  const first = await stage.backfill();
  // The stream is not read: what is lost here is lost.
  await client.send(new DeleteItemCommand({ TableName: stage.table.name, Key: { pk: { S: 'item-1' } } }));
  await client.send(new PutItemCommand({ TableName: stage.table.name, Item: { pk: { S: 'item-2' } } }));
  expect(await stage.verify({ lagMs: 200 })).toMatchObject({ verdict: 'differ' });

  const second = await stage.backfill();

  expect(second.replaced).toBe(first.snapshotId);
  expect(first.difference).toEqual({ added: 100, removed: 0, different: 0, unchanged: 0 });
  expect(second.difference).toEqual({ added: 0, removed: 1, different: 1, unchanged: 98 });
  expect(await stage.verify()).toMatchObject({ verdict: 'agree', latestItems: 99 });
  const description = await stage.reader.describe(stage.table.name);
  expect(
    (await stage.destination.ledger(description.table)).map(({ event, snapshotId }) => [event, snapshotId]),
  ).toEqual(
    [first, second].flatMap(({ snapshotId }) =>
      ['started', 'finished', 'published'].map((event) => [event, snapshotId]),
    ),
  );
});
