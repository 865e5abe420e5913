import { describe, expect, onTestFinished, test } from 'vitest';
import type { Destination } from '../../src/destination/destination.ts';
import { type RemovalOptions, removeTable } from '../../src/destination/remove-table.ts';
import { objectNames } from '../../src/names/object-names.ts';
import { unpublished } from '../../src/snapshot/published.ts';
import { fixedClock } from '../support/clock/simple-clocks.ts';
import { open, type Stage, setStage } from '../support/stages/contract-stage.ts';
import { makeScan } from '../support/stages/made-snapshots.ts';
import type { TemporaryDestination } from '../support/stages/temporary-destination.ts';
import { CHANGED_AT, changeRow, keyOf, scannedRow } from '../support/values/rows.ts';
import { SHOP, snapshotId, sourceTable } from '../support/values/shop.ts';
import { factsOf } from '../support/values/snapshot-facts.ts';
import { kind } from '../support/vitest/kind.ts';

const NAMES = objectNames(SHOP.name);
const OWNED = [
  NAMES.typed,
  NAMES.latest,
  NAMES.state,
  NAMES.snapshot(snapshotId(1)),
  NAMES.snapshot(snapshotId(2)),
  NAMES.changelog,
];
const VIEW = {
  name: NAMES.typed,
  columns: [{ name: 'id', type: 'STRING', description: null, path: ['id'], cluster: false }],
} as const;

/** What `TableRemoval` promises, and what a removal makes of it. */
export function removalContract(makePlace: () => Promise<TemporaryDestination>): void {
  /** A table with all objects that it can have: two snapshots, one of which is published, and a typed view. */
  async function stage(): Promise<Stage & { readonly remove: (options?: Partial<RemovalOptions>) => Promise<number> }> {
    const made = await setStage(makePlace);
    const { destination } = made;
    await destination.append(SHOP, [changeRow('a'), changeRow('b')]);
    for (const n of [1, 2]) {
      await destination.record(startOf(n));
      await made.publishSnapshot(snapshotId(n), [scannedRow('a')]);
    }
    await destination.applyViews(SHOP, [VIEW]);
    return {
      ...made,
      remove: async (options = {}) =>
        removeTable(SHOP.name, await destination.ownedObjects(SHOP.name), {
          destination,
          clock: fixedClock(CHANGED_AT + 60_000),
          actor: 'someone@somewhere',
          signal: new AbortController().signal,
          onDropped: () => {},
          ...options,
        }),
    };
  }

  const eventsOf = async (destination: Destination) =>
    (await destination.ledger(SHOP)).map(({ event, snapshotId: id }) => `${event} ${id}`);

  describe('the objects of a table', () => {
    test('are listed, readers first and the changelog last, with their rows', async () => {
      const { destination } = await stage();

      const { objects, left, hasLedger } = await destination.ownedObjects(SHOP.name);

      expect(objects.map(({ name }) => name)).toEqual(OWNED);
      expect(objects.map(({ kind: is }) => is)).toEqual(['view', 'view', 'view', 'table', 'table', 'table']);
      expect(objects.slice(3).map(({ rows }) => rows)).toEqual([1, 1, 2]);
      expect(left).toEqual([]);
      expect(hasLedger).toBe(true);
    });

    test('do not include a foreign view with the name of the typed view, which is listed as left', async () => {
      const { destination, place } = await stage();
      await destination.execute(`DROP VIEW ${place.table(NAMES.typed)}`);
      await destination.execute(`CREATE VIEW ${place.table(NAMES.typed)} AS SELECT 1 AS x`);

      const { objects, left } = await destination.ownedObjects(SHOP.name);

      expect(objects.map(({ name }) => name)).toEqual(OWNED.slice(1));
      expect(left).toEqual([NAMES.typed]);
    });

    test('are dropped, and nothing else: the ledger records it and stays', async () => {
      const { destination, place, remove, items } = await stage();
      const bikes = sourceTable('Bikes');
      await destination.prepare(bikes, 1);
      await destination.append(bikes, [changeRow('bike')]);
      await makeScan(destination, [], { table: bikes, snapshotId: snapshotId(3) });
      await destination.execute(`CREATE TABLE ${place.table('my_app_shop_snapshot_of_mine')} (x INT64)`);

      expect(await remove()).toBe(2);

      expect(await destination.ownedObjects(SHOP.name)).toEqual({ objects: [], left: [], hasLedger: true });
      expect(await destination.sources()).toEqual([bikes]);
      expect(await eventsOf(destination)).toEqual([
        `started ${snapshotId(1)}`,
        `started ${snapshotId(2)}`,
        `dropped ${snapshotId(1)}`,
        `dropped ${snapshotId(2)}`,
      ]);
      expect(Object.keys(await items(bikes))).toEqual([keyOf('bike')]);
      expect((await destination.ownedObjects('Bikes')).objects).toHaveLength(4);
      expect((await destination.query(`SELECT * FROM ${place.table('my_app_shop_snapshot_of_mine')}`)).rows).toEqual(
        [],
      );
    });

    test('once dropped, make room for a table that was created again', async () => {
      const { destination, remove, items } = await stage();
      const again = { ...SHOP, tableId: 'another' };
      await expect(destination.prepare(again, 1)).rejects.toMatchObject(kind('destination-conflict'));

      await remove();
      await destination.prepare(again, 1);

      expect(await destination.sources()).toEqual([again]);
      expect(await destination.published(again)).toEqual(unpublished(1));
      expect(await items(again)).toEqual({});
    });

    test('are gone after a second removal, wherever the first was stopped', async () => {
      for (let stopAfter = 0; stopAfter < OWNED.length; stopAfter++) {
        const { destination, remove } = await stage();
        const stopping = new AbortController();
        let dropped = 0;
        if (stopAfter === 0) stopping.abort();
        const onDropped = () => {
          if (++dropped === stopAfter) stopping.abort();
        };
        await expect(remove({ signal: stopping.signal, onDropped })).rejects.toMatchObject(kind('interrupted'));
        // Until the last is gone, their table is known.
        expect(await destination.sources()).toEqual([SHOP]);

        await remove();

        expect((await destination.ownedObjects(SHOP.name)).objects).toEqual([]);
        expect((await eventsOf(destination)).filter((line) => line.startsWith('dropped'))).toEqual([
          `dropped ${snapshotId(1)}`,
          `dropped ${snapshotId(2)}`,
        ]);
      }
    });

    test('do not include foreign objects with their names', async () => {
      const place = await makePlace();
      onTestFinished(() => place[Symbol.asyncDispose]());
      for (const name of [NAMES.changelog, NAMES.state, NAMES.latest, NAMES.typed, NAMES.snapshot(snapshotId(1))]) {
        await place.createForeignTable(name);
      }
      const destination = await open(place);
      await destination.prepare(sourceTable('Bikes'), 1);

      const { objects, left } = await destination.ownedObjects(SHOP.name);

      expect(objects).toEqual([]);
      expect([...left].sort()).toEqual([NAMES.changelog, NAMES.latest, NAMES.state]);
      const foreign = { name: NAMES.changelog, kind: 'table', rows: 0 } as const;
      await expect(destination.dropObject(SHOP.name, foreign)).rejects.toMatchObject(kind('destination-conflict'));
      expect((await destination.query(`SELECT * FROM ${place.table(NAMES.changelog)}`)).rows).toEqual([]);
    });

    test('are another table’s where only the objects’ names are the same', async () => {
      const { destination } = await stage();

      expect(await destination.ownedObjects('my-app-shop')).toMatchObject({ objects: [], left: [] });
    });
  });

  const startOf = (n: number) =>
    ({
      ...factsOf({ snapshotId: snapshotId(n) }),
      at: CHANGED_AT + n,
      event: 'started',
      actor: 'someone@somewhere',
    }) as const;
}
