import { describe, expect, test } from 'vitest';
import type { ViewText } from '../../src/destination/view-store.ts';
import type { SchemaColumn } from '../../src/schema/schema.ts';
import type { TypedView } from '../../src/schema/typed-view.ts';
import { setStage } from '../support/stages/contract-stage.ts';
import type { TemporaryDestination } from '../support/stages/temporary-destination.ts';
import { columnMisfits } from '../support/values/misfits.ts';
import { changeRow, keyOf, scannedRow } from '../support/values/rows.ts';
import { SHOP, snapshotId, sourceTable } from '../support/values/shop.ts';
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

    test('names every object in the way at once, and makes nothing', async () => {
      const { place, destination } = await stageWithItems();
      await destination.execute(`CREATE VIEW ${place.table('of_a_person')} AS SELECT 5 AS x`);
      await destination[Symbol.asyncDispose]();
      await place.createForeignTable('t1');
      await place.createForeignTable('t2');
      await using again = await place.open();
      const views = ['t1', TYPED, 'of_a_person', 't2'].map((name) => ({ ...VIEW, name }));

      for (const dryRun of [true, false]) {
        const attempt = again.applyViews(SHOP, views, { dryRun });
        await expect(attempt).rejects.toMatchObject({
          ...kind('destination-conflict'),
          remedy: expect.stringContaining('Name the views otherwise in the schema file, or rename or drop'),
        });
        for (const name of ['t1 is a table', 't2 is a table', 'of_a_person is a view']) {
          await expect(attempt).rejects.toThrow(name);
        }
        await expect(attempt).rejects.not.toThrow(TYPED);
      }
      await expect(again.query(`SELECT * FROM ${place.table(TYPED)}`)).rejects.toMatchObject(kind('query-invalid'));
      expect((await again.query(`SELECT * FROM ${place.table('of_a_person')}`)).rows).toEqual([[5]]);
      expect((await again.query(`SELECT * FROM ${place.table('t1')}`)).columns).toEqual(['x']);
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

    test('ends with the last change of its item, NULL where a backfill read it', async () => {
      const { place, destination, publishSnapshot } = await setStage(makePlace);
      await publishSnapshot(snapshotId(), [scannedRow('a', '{"id":"a"}')]);
      await destination.append(SHOP, [changeRow('b', { newImage: '{"id":"b"}' })]);
      await destination.applyViews(SHOP, [{ name: TYPED, columns: [column('id', 'STRING')] }]);

      const { columns, rows } = await destination.query(`SELECT * FROM ${place.table(TYPED)} ORDER BY 1`);

      expect(columns).toEqual(['id', 'changed_at', 'position']);
      expect(rows).toEqual([
        ['a', null, null],
        ['b', expect.stringMatching(/^2026-03-04T05:06:07/), changeRow('b').position],
      ]);
    });

    test('of a kind of items has those for which its conditions hold; each is counted, and the items of none', async () => {
      const { destination, rows } = await stageWithItems();
      const a = { path: ['id'], equals: 'a' };
      const hasQuantity = { path: ['quantity'], exists: true };
      const kinds: readonly TypedView[] = [
        { name: 'first', columns: [column('id', 'STRING')], where: [a, hasQuantity] },
        { name: 'others', columns: [column('id', 'STRING')], where: [{ path: ['id'], prefix: 'b' }] },
      ];

      await destination.applyViews(SHOP, [VIEW, ...kinds]);

      expect(await rows('first')).toEqual([['a']]);
      expect(await rows('others')).toEqual([['b']]);
      expect(await rows()).toHaveLength(3);
      expect(await destination.countMatches(SHOP, kinds)).toEqual({
        items: 3,
        unmatched: 1,
        repeated: 0,
        byView: [
          { matched: 1, found: [3, 3], lists: 0, others: 0 },
          { matched: 1, found: [3], lists: 0, others: 0 },
        ],
      });
      expect((await destination.countMisfits(SHOP, kinds[1] ?? VIEW, 5)).items).toBe(1);
    });

    test('of a list has a row for each element, with its place and values of its item', async () => {
      const { place, destination } = await setStage(makePlace);
      const lines = '[{"sku":"x","n":1},{"sku":"y","n":"no"}]';
      await destination.append(SHOP, [
        changeRow('a', { newImage: `{"id":"a","lines":${lines}}` }),
        changeRow('b', { newImage: '{"id":"b","lines":[]}' }),
        changeRow('c', { newImage: '{"id":"c"}' }),
      ]);
      const view: TypedView = {
        name: 'shop_lines',
        unnest: ['lines'],
        columns: [
          column('id', 'STRING'),
          column('sku', 'STRING', { path: ['lines', { each: true }, 'sku'] }),
          column('n', 'INT64', { path: ['lines', { each: true }, 'n'] }),
        ],
      };

      await destination.applyViews(SHOP, [view]);

      const { columns, rows } = await destination.query(`SELECT * FROM ${place.table('shop_lines')} ORDER BY sku`);
      expect(columns).toEqual(['id', 'sku', 'n', 'index', 'changed_at', 'position']);
      expect(rows.map((row) => row.slice(0, 4))).toEqual([
        ['a', 'x', 1, 0],
        ['a', 'y', null, 1],
      ]);
      expect(await destination.countMisfits(SHOP, view, 5)).toMatchObject({
        items: 2,
        byColumn: [{ misfits: 0 }, { misfits: 0 }, { misfits: 1, listed: [{ key: keyOf('a'), type: 'string' }] }],
      });
    });

    test('of a list need not be applied for a count of the items that have one, or something else there', async () => {
      const { destination } = await setStage(makePlace);
      const lists = ['[{"sku":"x"},{"sku":"y"}]', '[]', '{"sku":"no list"}', 'null'];
      await destination.append(SHOP, [
        ...lists.map((list, index) => changeRow(String(index), { newImage: `{"lines":${list}}` })),
        changeRow('none', { newImage: '{}' }),
      ]);
      const view = { name: 'shop_lines', unnest: ['lines'], columns: [column('id', 'STRING')] };

      expect(await destination.countMatches(SHOP, [view])).toEqual({
        items: 5,
        unmatched: 0,
        repeated: 0,
        byView: [{ matched: 5, found: [], lists: 2, others: 1 }],
      });
    });

    test('comes with its text and its columns, before and after; applied again it is unchanged', async () => {
      const { destination } = await stageWithItems();
      const [created] = await destination.applyViews(SHOP, [VIEW]);

      const [again] = await destination.applyViews(SHOP, [VIEW]);
      const next = { ...VIEW, columns: [...VIEW.columns.slice(1), column('id', 'STRING', { description: 'The id.' })] };
      const [replaced] = await destination.applyViews(SHOP, [next]);

      const names = ({ columns }: ViewText) => columns.map(({ name, description }) => [name, description]);
      expect(created).toMatchObject({ name: TYPED, action: 'created', before: null });
      expect(again).toEqual({ name: TYPED, action: 'unchanged', before: created?.after, after: created?.after });
      expect(replaced).toMatchObject({ name: TYPED, action: 'replaced', before: created?.after });
      expect(created?.after && names(created.after).slice(0, 3)).toEqual([
        ['id', `It's the "key"`],
        ['quantity', null],
        ['select', null],
      ]);
      expect(replaced?.after && names(replaced.after).slice(0, 3)).toEqual([
        ['quantity', null],
        ['select', null],
        ['id', 'The id.'],
      ]);
      expect(created?.after?.sql).toContain('my_app_shop_state');
    });

    test('that is not among those of its table any more is dropped, and no other is', async () => {
      const { place, destination, rows } = await stageWithItems();
      const bikes = sourceTable('Bikes');
      await destination.prepare(bikes, 1);
      const named = (name: string) => ({ name, columns: [column('id', 'STRING')] });
      await destination.applyViews(bikes, [named('bikes'), named('my_app_shop_like')]);
      await destination.applyViews(SHOP, [VIEW, named('old')]);
      await destination.execute(`CREATE VIEW ${place.table('mine')} AS SELECT 1 AS x`);

      const dry = await destination.applyViews(SHOP, [named('new')], { dryRun: true });
      expect(await rows('old')).toHaveLength(3);
      const applied = await destination.applyViews(SHOP, [named('new')]);

      const done = applied.map(({ name, action, after }) => [name, action, after === null]);
      expect(done.toSorted()).toEqual([
        [TYPED, 'dropped', true],
        ['new', 'created', false],
        ['old', 'dropped', true],
      ]);
      expect(dry.map(({ name, action }) => [name, action])).toEqual(applied.map(({ name, action }) => [name, action]));
      for (const name of [TYPED, 'old']) {
        await expect(destination.query(`SELECT * FROM ${place.table(name)}`)).rejects.toMatchObject(
          kind('query-invalid'),
        );
      }
      for (const name of ['bikes', 'my_app_shop_like', 'mine', 'new']) {
        await destination.query(`SELECT * FROM ${place.table(name)}`);
      }
    });

    test('that a person edited is left as it is, also where it would be dropped', async () => {
      const { place, destination } = await stageWithItems();
      await destination.applyViews(SHOP, [VIEW]);
      await destination.execute(`CREATE OR REPLACE VIEW ${place.table(TYPED)} AS SELECT 5 AS x`);

      const applied = await destination.applyViews(SHOP, [{ ...VIEW, name: 'new' }]);

      expect(applied.map(({ name, action }) => [name, action])).toEqual([['new', 'created']]);
      expect((await destination.query(`SELECT * FROM ${place.table(TYPED)}`)).rows).toEqual([[5]]);
    });

    test('of any name is among the objects of its table, and is dropped with them', async () => {
      const { destination } = await stageWithItems();
      await destination.applyViews(SHOP, [VIEW, { ...VIEW, name: 'customers' }]);

      const { objects } = await destination.ownedObjects(SHOP.name);

      const views = objects.filter(({ kind }) => kind === 'view').map(({ name }) => name);
      expect(views).toEqual(expect.arrayContaining([TYPED, 'customers']));
      expect(objects.findIndex(({ name }) => name === 'customers')).toBeLessThan(
        objects.findIndex(({ name }) => name === 'my_app_shop_latest'),
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
