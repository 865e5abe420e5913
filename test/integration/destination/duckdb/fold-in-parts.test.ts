import { expect, test } from 'vitest';
import { systemClock } from '../../../../src/clock.ts';
import { type Database, DatabaseFile } from '../../../../src/destination/duckdb/database-file.ts';
import { foldSnapshot } from '../../../../src/destination/duckdb/make-snapshot.ts';
import { objectNames } from '../../../../src/names/object-names.ts';
import { systemRandom } from '../../../../src/random.ts';
import { publishedOver } from '../../../../src/snapshot/ledger.ts';
import { temporaryDatabase } from '../../../support/duckdb/temporary-database.ts';
import { setStage } from '../../../support/stages/contract-stage.ts';
import { changeRow, keyOf } from '../../../support/values/rows.ts';
import { SHOP } from '../../../support/values/shop.ts';
import { factsOf } from '../../../support/values/snapshot-facts.ts';

/** Turns before it: what is folded, its parts, the items. */
const TOMBSTONES_TURN = 4;

const change = (id: string, sequenceNumber: string, operation: 'MODIFY' | 'REMOVE' = 'MODIFY') =>
  changeRow(id, { sequenceNumber, operation });

test('a compaction takes in nothing that is appended between its parts: its every key is there once, and counted once', async () => {
  const place = await temporaryDatabase();
  const { destination, items } = await setStage(async () => place);
  await destination.append(SHOP, [
    change('stays', '1'),
    change('is removed', '2'),
    change('comes back', '3', 'REMOVE'),
  ]);
  const startedFrom = await destination.published(SHOP);
  if (startedFrom === undefined) throw new Error('The state is gone');
  const facts = { ...factsOf({ from: await destination.foldFrom(SHOP) }), kind: 'compaction', reading: null } as const;

  const file = DatabaseFile.acquire(place.file, { clock: systemClock, random: systemRandom });
  const between = () => destination.append(SHOP, [change('is removed', '12', 'REMOVE'), change('comes back', '13')]);
  const made = await foldSnapshot(interrupted(file, TOMBSTONES_TURN, between), SHOP, facts, startedFrom);
  await file.release();

  expect(made.itemCount).toBe(2);
  const snapshot = objectNames(SHOP.name).snapshot(made.snapshotId);
  const { rows } = await destination.query(`SELECT key, removed FROM "${snapshot}" ORDER BY key`);
  expect(rows).toEqual([
    [keyOf('comes back'), true],
    [keyOf('is removed'), null],
    [keyOf('stays'), null],
  ]);
  await destination.publish(SHOP, { next: publishedOver(made), startedFrom, by: 'compaction' });
  expect(Object.keys(await items()).toSorted()).toEqual([keyOf('comes back'), keyOf('stays')]);
});

/** A file in which something else happens just before the turn of this number. */
function interrupted(file: Database, turn: number, work: () => Promise<unknown>): Database {
  let turns = 0;
  return {
    release: () => file.release(),
    async use(...options) {
      if (++turns === turn) await work();
      return file.use(...options);
    },
  };
}
