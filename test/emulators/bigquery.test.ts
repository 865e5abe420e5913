import { expect, inject, test } from 'vitest';
import { publishedOver } from '../../src/snapshot/ledger.ts';
import { unpublished } from '../../src/snapshot/published.ts';
import { makeScan } from '../support/stages/made-snapshots.ts';
import { rowFile } from '../support/values/row-file.ts';
import { CHANGED_AT, changeRow, keyOf, scannedRow } from '../support/values/rows.ts';
import { temporaryDataset } from './temporary-dataset.ts';

const bigQuery = inject('bigQuery');
const TABLE = {
  name: 'my-shop.orders',
  arn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/my-shop.orders',
  tableId: 'a1b2',
};
const SNAPSHOT = '20260304t050607z1f3a';

test.skipIf(bigQuery === null)(
  'the main job: changes, a snapshot below them, and the current state of both',
  async () => {
    if (bigQuery === null) return;
    await using place = await temporaryDataset(bigQuery);
    await using destination = await place.open();
    expect(await destination.prepare(TABLE, 1)).toEqual({
      created: ['my_shop_orders_changelog', 'my_shop_orders_state', 'my_shop_orders_latest', 'tailrace_snapshots'],
    });
    expect(await destination.prepare(TABLE, 1)).toEqual({ created: [] });
    expect(await destination.sources()).toEqual([TABLE]);

    expect(
      await destination.append(TABLE, [
        changeRow('a', { sequenceNumber: '900000000013256687845' }),
        changeRow('a', {
          sequenceNumber: '1000000000013256690000',
          newImage: '{"text":"{{projectId}} \\u0001 \\"q\\""}',
        }),
        changeRow('b', { sequenceNumber: '2' }),
        changeRow('b', { sequenceNumber: '3', operation: 'REMOVE' }),
      ]),
    ).toEqual([]);
    const scanned = [scannedRow('a'), scannedRow('b'), scannedRow('c {{projectId}}')];
    const from = await destination.readingFrom(TABLE, CHANGED_AT - 1000);
    const facts = { table: TABLE, snapshotId: SNAPSHOT, floor: CHANGED_AT - 1000, from };
    const made = await makeScan(destination, scanned, facts);
    expect(made.itemCount).toBe(3);
    const next = publishedOver(made);
    const publication = { next, startedFrom: unpublished(1), by: 'reading' } as const;
    await destination.publish(TABLE, publication);
    expect(await destination.published(TABLE)).toEqual(next);
    await expect(destination.publish(TABLE, publication)).rejects.toMatchObject({ kind: 'snapshot-superseded' });

    const shown = await destination.lookup(TABLE, [keyOf('a'), keyOf('b'), keyOf('c {{projectId}}')]);
    expect([...shown.keys()].sort()).toEqual([keyOf('a'), keyOf('c {{projectId}}')]);
    expect(shown.get(keyOf('a'))?.item).toBe('{"text":"{{projectId}} \\u0001 \\"q\\""}');
    expect(await destination.countLatest(TABLE)).toBe(2);
    expect(await destination.changelogStatus(TABLE, null)).toMatchObject({
      recentRows: 4,
      newestChangedAt: CHANGED_AT,
    });
  },
);

test.skipIf(bigQuery === null)('a load that is sent in blocks arrives whole', async () => {
  if (bigQuery === null) return;
  await using place = await temporaryDataset(bigQuery);
  await using destination = await place.open();
  await destination.prepare(TABLE, 1);
  await destination.createLoad(TABLE, SNAPSHOT);
  const rows = Array.from({ length: 90 }, (_, id) =>
    scannedRow(`${id}`, JSON.stringify({ text: 'x'.repeat(390_000) })),
  );

  await destination.loadSnapshot(TABLE, SNAPSHOT, 'large', rowFile(rows));

  expect(await destination.countLoad(TABLE, SNAPSHOT)).toEqual({ rows: 90, keys: 90 });
});
