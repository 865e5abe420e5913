import { expect, test } from 'vitest';
import type { Destination } from '../../../../src/destination/destination.ts';
import { unpublished } from '../../../../src/snapshot/published.ts';
import { temporaryDatabase } from '../../../support/duckdb/temporary-database.ts';
import { compact, makeScan, publishMade } from '../../../support/stages/made-snapshots.ts';
import { changeRow, keyOf, scannedRow } from '../../../support/values/rows.ts';
import { SHOP } from '../../../support/values/shop.ts';
import { kind } from '../../../support/vitest/kind.ts';

/** A published snapshot of one item, which the ledger records, and a change since. */
async function fill(destination: Destination) {
  await destination.prepare(SHOP, 1);
  const made = await makeScan(destination, [scannedRow('scanned')]);
  await destination.record({ ...made, at: made.startedAt, event: 'published', actor: 'somebody' });
  const published = await publishMade(destination, made);
  await destination.append(SHOP, [changeRow('changed')]);
  return published;
}

const keys = async (destination: Destination) =>
  (await destination.query('SELECT key FROM my_app_shop_latest ORDER BY key')).rows.flat();

async function drop(destination: Destination, ...objects: readonly string[]) {
  for (const object of objects) await destination.execute(`DROP ${object}`);
}

const [CHANGELOG, STATE, LATEST] = ['TABLE my_app_shop_changelog', 'VIEW my_app_shop_state', 'VIEW my_app_shop_latest'];

test('a state that was dropped is made again over what it stood on, also by a command that asks no DynamoDB', async () => {
  await using place = await temporaryDatabase();
  await using destination = await place.open();
  const published = await fill(destination);
  await drop(destination, STATE);

  await destination.prepare({ ...SHOP, tableId: null }, 1);

  expect(await destination.published(SHOP)).toEqual(published);
  expect(await keys(destination)).toEqual([keyOf('changed'), keyOf('scanned')]);
});

test('a table that was created again under its name never gets the items of the earlier one', async () => {
  await using place = await temporaryDatabase();
  await using destination = await place.open();
  await fill(destination);
  await drop(destination, LATEST, STATE, CHANGELOG);

  await destination.prepare({ ...SHOP, tableId: 'created again' }, 1);

  expect(await destination.published(SHOP)).toEqual(unpublished(1));
  expect(await keys(destination)).toEqual([]);
});

test('a state is not made again over a snapshot that needs changes of a changelog which was dropped', async () => {
  await using place = await temporaryDatabase();
  await using destination = await place.open();
  await fill(destination);
  await drop(destination, LATEST, STATE, CHANGELOG);

  await destination.prepare(SHOP, 1);

  expect(await destination.published(SHOP)).toEqual(unpublished(1));
});

test('a state whose changelog was dropped and made again is never compacted: what it lacks would be lost to sight', async () => {
  await using place = await temporaryDatabase();
  await using destination = await place.open();
  const published = await fill(destination);
  await drop(destination, CHANGELOG);
  await destination.prepare(SHOP, 1);

  await expect(compact(destination)).rejects.toMatchObject({
    ...kind('snapshot-outdated'),
    remedy: expect.stringContaining('tailrace backfill my-app.shop'),
  });

  expect(await destination.published(SHOP)).toEqual(published);
});
