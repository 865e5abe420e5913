import { describe, expect, test } from 'vitest';
import type { SchemaColumn } from '../../src/schema/schema.ts';
import { setStage } from '../support/stages/contract-stage.ts';
import type { TemporaryDestination } from '../support/stages/temporary-destination.ts';
import { changeRow } from '../support/values/rows.ts';
import { SHOP, sourceTable } from '../support/values/shop.ts';
import { kind } from '../support/vitest/kind.ts';

const TYPED = 'my_app_shop';

const column = (name: string, type: SchemaColumn['type'], rest: Partial<SchemaColumn> = {}): SchemaColumn => ({
  name,
  type,
  description: null,
  path: [name],
  ...rest,
});

const VIEW = {
  name: TYPED,
  columns: [
    column('id', 'STRING', { description: `It's the "key"` }),
    column('quantity', 'INT64'),
    column('select', 'STRING', { path: ['a.b', 'c'] }),
  ],
};

/** What `ViewStore` promises. */
export function typedViewContract(makePlace: () => Promise<TemporaryDestination>): void {
  const stageWithItems = async () => {
    const stage = await setStage(makePlace);
    const items = [
      '{"a.b":{"c":{"x":1}},"id":"a","quantity":1}',
      '{"a.b":{"c":"yes"},"id":"b","quantity":"12.5"}',
      '{"id":"c","quantity":null}',
    ];
    await stage.destination.append(
      SHOP,
      items.map((newImage) => changeRow(String(JSON.parse(newImage).id), { newImage })),
    );
    const rows = async (name = TYPED) =>
      (await stage.destination.query(`SELECT * FROM ${stage.place.table(name)} ORDER BY 1`)).rows;
    return { ...stage, rows };
  };

  describe('a typed view', () => {
    test('shows the declared columns of every item, NULL where a value does not fit', async () => {
      const { destination, rows } = await stageWithItems();

      expect(await destination.applyViews(SHOP, [VIEW])).toEqual([{ name: TYPED, action: 'created' }]);

      expect(await rows()).toEqual([
        ['a', 1, null],
        ['b', null, 'yes'],
        ['c', null, null],
      ]);
      expect(await destination.countMisfits(SHOP, VIEW)).toEqual({ items: 3, byColumn: [0, 1, 1] });
    });

    test('follows the latest view', async () => {
      const { destination, rows } = await stageWithItems();
      await destination.applyViews(SHOP, [VIEW]);

      await destination.append(SHOP, [
        changeRow('a', { sequenceNumber: '2', operation: 'REMOVE' }),
        changeRow('c', { sequenceNumber: '2', newImage: '{"id":"c","quantity":7}' }),
      ]);

      expect(await rows()).toEqual([
        ['b', null, 'yes'],
        ['c', 7, null],
      ]);
    });

    test('is replaced by another schema of the same table, and reported as such', async () => {
      const { place, destination, rows } = await stageWithItems();
      await destination.applyViews(SHOP, [VIEW]);
      const next = { name: TYPED, columns: [column('quantity', 'FLOAT64'), column('id', 'JSON')] };

      expect(await destination.applyViews(SHOP, [next])).toEqual([{ name: TYPED, action: 'replaced' }]);

      expect((await destination.query(`SELECT * FROM ${place.table(TYPED)}`)).columns).toEqual(['quantity', 'id']);
      expect(await rows()).toHaveLength(3);
    });

    test('is only reported in a dry run, which counts misfits all the same', async () => {
      const { place, destination } = await stageWithItems();

      expect(await destination.applyViews(SHOP, [VIEW], { dryRun: true })).toEqual([
        { name: TYPED, action: 'created' },
      ]);

      expect(await destination.countMisfits(SHOP, VIEW)).toEqual({ items: 3, byColumn: [0, 1, 1] });
      await expect(destination.query(`SELECT * FROM ${place.table(TYPED)}`)).rejects.toMatchObject(
        kind('query-invalid'),
      );
    });

    test('never replaces a table', async () => {
      const { place, destination } = await stageWithItems();
      await destination[Symbol.asyncDispose]();
      await place.createForeignTable(TYPED);
      await using again = await place.open();

      for (const dryRun of [false, true]) {
        const attempt = again.applyViews(SHOP, [VIEW], { dryRun });
        await expect(attempt).rejects.toMatchObject(kind('destination-conflict'));
        await expect(attempt).rejects.toThrow(TYPED);
      }
      expect((await again.query(`SELECT * FROM ${place.table(TYPED)}`)).columns).toEqual(['x']);
    });

    test.for(['CREATE VIEW', 'CREATE OR REPLACE VIEW'])(
      'never replaces a view that a person made by %s',
      async (how) => {
        const { place, destination } = await stageWithItems();
        if (how !== 'CREATE VIEW') await destination.applyViews(SHOP, [VIEW]);
        await destination.execute(`${how} ${place.table(TYPED)} AS SELECT 5 AS x`);

        await expect(destination.applyViews(SHOP, [VIEW])).rejects.toMatchObject(kind('destination-conflict'));

        expect((await destination.query(`SELECT * FROM ${place.table(TYPED)}`)).rows).toEqual([[5]]);
      },
    );

    test("never replaces another table's view, nor the latest view", async () => {
      const { destination } = await stageWithItems();
      const bikes = sourceTable('Bikes');
      await destination.prepare(bikes, 1);
      await destination.applyViews(SHOP, [VIEW]);

      for (const name of [TYPED, 'Bikes_latest', 'my_app_shop_latest']) {
        await expect(destination.applyViews(bikes, [{ ...VIEW, name }])).rejects.toMatchObject(
          kind('destination-conflict'),
        );
      }
    });

    test('is not made if another one of the same call is refused', async () => {
      const { place, destination } = await stageWithItems();
      const refused = { ...VIEW, name: 'my_app_shop_latest' };

      await expect(destination.applyViews(SHOP, [VIEW, refused])).rejects.toMatchObject(kind('destination-conflict'));

      await expect(destination.query(`SELECT * FROM ${place.table(TYPED)}`)).rejects.toMatchObject(
        kind('query-invalid'),
      );
    });

    test('is refused for a table that was never prepared', async () => {
      const { destination } = await setStage(makePlace);

      await expect(destination.applyViews(sourceTable('absent'), [{ ...VIEW, name: 'absent' }])).rejects.toMatchObject(
        kind('destination-missing'),
      );
    });
  });
}
