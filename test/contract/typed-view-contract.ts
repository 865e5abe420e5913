import { describe, expect, test } from 'vitest';
import type { SchemaColumn } from '../../src/schema/schema.ts';
import { setStage } from '../support/stages/contract-stage.ts';
import type { TemporaryDestination } from '../support/stages/temporary-destination.ts';
import { columnMisfits } from '../support/values/misfits.ts';
import { changeRow, keyOf } from '../support/values/rows.ts';
import { SHOP, sourceTable } from '../support/values/shop.ts';
import { kind } from '../support/vitest/kind.ts';

const TYPED = 'my_app_shop';

const column = (name: string, type: SchemaColumn['type'], rest: Partial<SchemaColumn> = {}): SchemaColumn => ({
  name,
  type,
  description: null,
  path: [name],
  cluster: false,
  ...rest,
});

const ALL = { share: 1, salt: '' };

const VIEW = {
  name: TYPED,
  columns: [
    column('id', 'STRING', { description: `It's the "key"` }),
    column('quantity', 'INT64'),
    column('select', 'STRING', { path: ['a.b', 'c'] }),
  ],
};

/** What {@link VIEW} finds in the items of the stage. */
const FOUND = {
  items: 3,
  byColumn: [
    columnMisfits({ present: 3, misfits: 0, listed: [] }),
    columnMisfits({ present: 3, nulls: 1, misfits: 1, listed: [{ key: keyOf('b'), type: 'string' }] }),
    columnMisfits({ present: 2, misfits: 1, listed: [{ key: keyOf('a'), type: 'object' }] }),
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
    /** A view's rows without the last change, with which each ends. */
    const rows = async (name = TYPED) => {
      const { columns, rows } = await stage.destination.query(`SELECT * FROM ${stage.place.table(name)} ORDER BY 1`);
      expect(columns.slice(-2)).toEqual(['changed_at', 'position']);
      return rows.map((row) => row.slice(0, -2));
    };
    return { ...stage, rows };
  };

  describe('a typed view', () => {
    test('shows the declared columns of every item, NULL where a value does not fit', async () => {
      const { destination, rows } = await stageWithItems();

      expect(await destination.applyViews(SHOP, [VIEW])).toMatchObject([{ name: TYPED, action: 'created' }]);

      expect(await rows()).toEqual([
        ['a', 1, null],
        ['b', null, 'yes'],
        ['c', null, null],
      ]);
      expect(await destination.countMisfits(SHOP, VIEW, 5)).toEqual(FOUND);
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

      expect(await destination.applyViews(SHOP, [next])).toMatchObject([{ name: TYPED, action: 'replaced' }]);

      expect((await destination.query(`SELECT * FROM ${place.table(TYPED)}`)).columns).toEqual([
        'quantity',
        'id',
        'changed_at',
        'position',
      ]);
      expect(await rows()).toHaveLength(3);
    });

    test('is only reported in a dry run, which counts misfits all the same', async () => {
      const { place, destination } = await stageWithItems();

      expect(await destination.applyViews(SHOP, [VIEW], { dryRun: true })).toMatchObject([
        { name: TYPED, action: 'created' },
      ]);

      expect(await destination.countMisfits(SHOP, VIEW, 5)).toEqual(FOUND);
      await expect(destination.query(`SELECT * FROM ${place.table(TYPED)}`)).rejects.toMatchObject(
        kind('query-invalid'),
      );
    });

    test('lists the first misfits by their keys, with types and no values', async () => {
      const { destination } = await setStage(makePlace);
      const values = ['"secret"', '{"x":1}', '[1]', 'true', '1.5', 'null', '7'];
      await destination.append(
        SHOP,
        values.map((value, index) => changeRow(`it's ${index}`, { newImage: `{"quantity":${value}}` })),
      );
      const view = {
        name: TYPED,
        columns: [column('quantity', 'INT64'), column('absent', 'JSON'), column('key', 'DATE')],
      };
      const listed = ['string', 'object', 'array', 'boolean', 'number'].map((type, index) => ({
        key: keyOf(`it's ${index}`),
        type,
      }));
      const absent = columnMisfits({ present: 0, misfits: 0, listed: [] });

      expect(await destination.countMisfits(SHOP, view, 100)).toEqual({
        items: 7,
        byColumn: [columnMisfits({ present: 7, nulls: 1, misfits: 5, listed }), absent, absent],
      });
      expect((await destination.countMisfits(SHOP, view, 2)).byColumn[0]).toEqual({
        ...columnMisfits({ present: 7, nulls: 1, misfits: 5, listed }),
        listed: listed.slice(0, 2),
      });
    });

    test('finds nothing in a table without items', async () => {
      const { destination } = await setStage(makePlace);
      const none = columnMisfits({ present: 0, misfits: 0, listed: [] });

      expect(await destination.countMisfits(SHOP, VIEW, 5)).toEqual({ items: 0, byColumn: [none, none, none] });
      expect(await destination.itemShapes(SHOP, ALL)).toEqual({ isRead: true, shapes: [] });
    });

    test('comes with the shapes of the items: names without values, the most frequent first', async () => {
      const { destination } = await setStage(makePlace);
      const items = [
        '{"a":"x","b":[1,2]}',
        String.raw`{"a":"{\"no\":1}","b":["]","\\"]}`,
        '{"a":null,"b":[]}',
        String.raw`{"a.b":{"":true},"c\"d":[{"e":-1.5},[{"é":false}]]}`,
      ];
      await destination.append(
        SHOP,
        items.map((newImage, index) => changeRow(String(index), { newImage })),
      );

      expect(await destination.itemShapes(SHOP, ALL)).toEqual({
        isRead: true,
        shapes: [
          { shape: '{"a":"b":[]}', items: 3 },
          { shape: String.raw`{"a.b":{"":}"c\"d":[{"e":}[{"é":}]]}`, items: 1 },
        ],
      });
      expect(await destination.itemShapes(SHOP, { share: 0, salt: '' })).toEqual({ isRead: true, shapes: [] });
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
