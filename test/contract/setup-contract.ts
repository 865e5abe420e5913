import { describe, expect, onTestFinished, test } from 'vitest';
import { writeAnnotation } from '../../src/destination/annotation.ts';
import type { Destination } from '../../src/destination/destination.ts';
import { LEDGER } from '../../src/names/object-names.ts';
import { unpublished } from '../../src/snapshot/published.ts';
import { open, setStage } from '../support/stages/contract-stage.ts';
import type { TemporaryDestination } from '../support/stages/temporary-destination.ts';
import { changeRow, keyOf } from '../support/values/rows.ts';
import { SHOP, STORAGE, sourceTable } from '../support/values/shop.ts';
import { kind } from '../support/vitest/kind.ts';

const CHANGELOG = 'my_app_shop_changelog';
const OBJECTS = [CHANGELOG, 'my_app_shop_latest', 'my_app_shop_state', LEDGER];

/** What `TableSetup` promises. */
export function setupContract(makePlace: () => Promise<TemporaryDestination>): void {
  const emptyPlace = async () => {
    const place = await makePlace();
    onTestFinished(() => place[Symbol.asyncDispose]());
    return { place, destination: await open(place) };
  };

  describe('prepare', () => {
    test('creates ledger, changelog, state and latest view, reports it, and the view is empty', async () => {
      const { place, destination } = await emptyPlace();

      const { created } = await destination.prepare(SHOP, 1);

      expect([...created].sort()).toEqual(OBJECTS);
      for (const name of OBJECTS)
        expect((await destination.query(`SELECT * FROM ${place.table(name)}`)).rows).toEqual([]);
      expect(await destination.published(SHOP)).toEqual(unpublished(1));
    });

    test('is announced by a preview, which changes nothing', async () => {
      const { place, destination } = await emptyPlace();
      await destination.prepare(sourceTable('Bikes'), 1);

      expect(await destination.preview(SHOP, 1)).toEqual({
        created: ['my_app_shop_changelog', 'my_app_shop_state', 'my_app_shop_latest'],
      });
      expect((await destination.sources()).map(({ name }) => name)).toEqual(['Bikes']);
      await destination.prepare(SHOP, 1);
      expect(await destination.preview(SHOP, 1)).toEqual({ created: [] });
      await destination.execute(`DROP VIEW ${place.table('my_app_shop_latest')}`);
      expect(await destination.preview(SHOP, 1)).toEqual({ created: ['my_app_shop_latest'] });
      await expect(destination.preview({ ...SHOP, tableId: 'another' }, 1)).rejects.toMatchObject(
        kind('destination-conflict'),
      );
    });

    test('creates nothing the second time, and leaves what is there as it is', async () => {
      const { destination, items } = await setStage(makePlace);
      await destination.append(SHOP, [changeRow('a')]);

      expect(await destination.prepare(SHOP, 7)).toEqual({ created: [] });

      expect(Object.keys(await items())).toEqual([keyOf('a')]);
      expect(await destination.published(SHOP)).toEqual(unpublished(1));
    });

    test('may run several times at once, through several handles', async () => {
      const { place, destination } = await emptyPlace();
      const handles = [destination, await open(place), await open(place)];

      const preparations = await Promise.all(handles.map((handle) => handle.prepare(SHOP, 1)));

      // Each object is reported by at least one of them.
      expect([...new Set(preparations.flatMap(({ created }) => created))].sort()).toEqual(OBJECTS);
      expect(await destination.append(SHOP, [changeRow('a')])).toEqual([]);
    });

    test('stores several source tables side by side, and lists them in order', async () => {
      const { destination, items } = await setStage(makePlace);
      const bikes = sourceTable('Bikes');
      await destination.prepare(bikes, 1);
      await destination.append(SHOP, [changeRow('shop')]);
      await destination.append(bikes, [changeRow('bike')]);

      expect(await destination.sources()).toEqual([bikes, SHOP]);
      expect(Object.keys(await items(SHOP))).toEqual([keyOf('shop')]);
      expect(Object.keys(await items(bikes))).toEqual([keyOf('bike')]);
    });
  });

  describe('a known source', () => {
    test('gets a TableId that becomes known later, and never loses it', async () => {
      const { destination } = await emptyPlace();
      await destination.prepare({ ...SHOP, tableId: null }, 1);
      expect(await destination.sources()).toEqual([{ ...SHOP, tableId: null }]);

      await destination.prepare(SHOP, 1);
      await destination.prepare({ ...SHOP, tableId: null }, 1);

      expect(await destination.sources()).toEqual([SHOP]);
    });

    test('is found by its name, with all that was seen of it in DynamoDB', async () => {
      const { destination } = await emptyPlace();
      await destination.prepare({ ...SHOP, tableId: null }, 1);
      expect(await destination.known(SHOP.name)).toMatchObject({ source: { ...SHOP, tableId: null }, seen: null });

      await destination.prepare(SHOP, 1, { seen: { createdAt: 1_767_323_045_678, streams: ['one'] } });
      await destination.prepare(SHOP, 1, { seen: { createdAt: 1_767_323_045_678, streams: ['two'] } });
      // A replay from a file does not read DynamoDB.
      await destination.prepare({ ...SHOP, tableId: null }, 1);

      expect(await destination.known(SHOP.name)).toMatchObject({
        source: SHOP,
        seen: { createdAt: 1_767_323_045_678, streams: ['one', 'two'] },
      });
      expect(await destination.known('Bikes')).toBeUndefined();
    });

    test.for([
      ['of another account', { arn: SHOP.arn.replace('123456789012', '210987654321') }],
      ['of another region', { arn: SHOP.arn.replace('eu-central-1', 'eu-west-1') }],
      ['deleted and created again', { tableId: 'another' }],
    ] as const)('is not replaced by a table %s', async ([, other]) => {
      const { destination } = await setStage(makePlace);

      await expect(destination.prepare({ ...SHOP, ...other }, 1)).rejects.toMatchObject(kind('destination-conflict'));

      expect(await destination.sources()).toEqual([SHOP]);
    });

    test.for([
      'my.app-shop',
      'MY_APP_shop',
      'my-app.shop_changelog',
      'my-app.shop_latest',
      'my-app.shop_snapshot_x',
      'tailrace_x',
    ])('refuses %s, whose objects would have names that are taken, and creates nothing', async (name) => {
      const { destination } = await setStage(makePlace);

      const attempt = destination.prepare(sourceTable(name), 1);

      await expect(attempt).rejects.toMatchObject(kind('destination-conflict'));
      await expect(attempt).rejects.toThrow(name);
      expect(await destination.sources()).toEqual([SHOP]);
    });

    test('refuses a table whose objects would have the names of a known one', async () => {
      const { destination } = await emptyPlace();
      const known = sourceTable('shop_latest');
      await destination.prepare(known, 1);

      await expect(destination.prepare(sourceTable('shop'), 1)).rejects.toMatchObject(kind('destination-conflict'));

      expect(await destination.sources()).toEqual([known]);
    });
  });

  describe('a changelog', () => {
    const storageIn = async (destination: Destination) => (await destination.known(SHOP.name))?.changelog;

    test('has the partitions and the history that are asked for when it is created, else the defaults', async () => {
      const { destination } = await emptyPlace();
      const bikes = sourceTable('Bikes');
      const cars = sourceTable('Cars');
      const before = Date.now();

      await destination.prepare(SHOP, 1);
      await destination.prepare(bikes, 1, { partition: 'hour' });
      await destination.prepare(cars, 1, { partition: 'hour', historyDays: 7 });

      expect(await storageIn(destination)).toMatchObject({ partition: 'day', historyDays: 400 });
      expect((await destination.known('Bikes'))?.changelog).toMatchObject({ partition: 'hour', historyDays: 375 });
      expect((await destination.known('Cars'))?.changelog).toMatchObject({ partition: 'hour', historyDays: 7 });
      // BigQuery's clock gives whole seconds, and the first row may have been stamped two hours before.
      const keptSince = (await storageIn(destination))?.keptSince ?? 0;
      expect(keptSince).toBeGreaterThan(before - 2 * 60 * 60_000 - 60_000);
      expect(keptSince).toBeLessThan(Date.now() + 60_000);
    });

    test('has the same birth and settings after each preparation, but for a history that is asked for', async () => {
      const { destination } = await emptyPlace();
      await destination.prepare(SHOP, 1, { partition: 'hour' });
      const first = await storageIn(destination);

      await destination.prepare(SHOP, 1);
      await destination.prepare(SHOP, 1, { partition: 'hour', seen: { createdAt: 1, streams: ['one'] } });
      expect(await storageIn(destination)).toEqual(first);

      await destination.preview(SHOP, 1, { historyDays: 9 });
      expect(await storageIn(destination)).toEqual(first);
      await destination.prepare(SHOP, 1, { historyDays: 9 });
      expect(await storageIn(destination)).toEqual({ ...first, historyDays: 9 });
    });

    test('keeps its partitions: others are refused, with the way out', async () => {
      const { destination } = await emptyPlace();
      await destination.prepare(SHOP, 1);
      const first = await destination.known(SHOP.name);

      for (const attempt of [destination.prepare, destination.preview]) {
        const other = attempt.call(destination, { ...SHOP, tableId: null }, 1, { partition: 'hour' });
        await expect(other).rejects.toMatchObject({
          ...kind('destination-conflict'),
          message: expect.stringContaining(`${SHOP.name} is partitioned by day`),
          remedy: expect.stringContaining(`tailrace remove ${SHOP.name}`),
        });
      }
      expect(await destination.known(SHOP.name)).toEqual(first);
    });

    test('is not created for a history of more partitions than a table may have', async () => {
      const { destination } = await emptyPlace();
      const bikes = sourceTable('Bikes');
      await destination.prepare(bikes, 1);

      await expect(destination.prepare(SHOP, 1, { partition: 'hour', historyDays: 376 })).rejects.toMatchObject(
        kind('usage-invalid'),
      );

      expect(await destination.sources()).toEqual([bikes]);
    });

    test.for([
      [
        'an older version of Tailrace',
        () => writeAnnotation({ of: 'changelog', source: SHOP, seen: null, changelog: null }),
      ],
      ['a later version of Tailrace', () => written().replace('"format":3', '"format":4')],
      ['the version that stored positions whole', () => written().replace('"format":3', '"format":2')],
      ['someone who edited its annotation', () => written().replace(/"kept_since":"[^"]*"/, '"kept_since":"lately"')],
    ] as const)('in the form of %s is refused, and can be removed', async ([, comment]) => {
      const { place, destination } = await setStage(makePlace);
      await destination.append(SHOP, [changeRow('a')]);
      await place.setComment(CHANGELOG, comment());

      const attempts = [
        () => destination.known(SHOP.name),
        () => destination.prepare(SHOP, 1),
        () => destination.preview(SHOP, 1),
      ];
      for (const attempt of attempts) {
        await expect(attempt()).rejects.toMatchObject({
          ...kind('destination-conflict'),
          message: expect.stringContaining(`table ${SHOP.name} in the form of another version`),
          remedy: expect.stringContaining(`tailrace remove ${SHOP.name}`),
        });
      }
      // Its name is taken for other tables, and it stands in no other table's way.
      expect(await destination.sources()).toEqual([SHOP]);
      await expect(destination.prepare(sourceTable('my-app-shop'), 1)).rejects.toMatchObject(
        kind('destination-conflict'),
      );
      await destination.prepare(sourceTable('Bikes'), 1);

      const { objects, left } = await destination.ownedObjects(SHOP.name);
      expect(objects.at(-1)?.name).toBe(CHANGELOG);
      expect(left).toEqual([]);
      for (const object of objects) await destination.dropObject(SHOP.name, object);
      expect((await destination.prepare(SHOP, 1)).created).toContain(CHANGELOG);
    });

    const written = () => writeAnnotation({ of: 'changelog', source: SHOP, seen: null, changelog: STORAGE });
  });

  test.for(OBJECTS)('does not take over a table %s that someone else made, and creates nothing', async (name) => {
    const { place, destination } = await emptyPlace();
    await place.createForeignTable(name);

    const attempt = destination.prepare(SHOP, 1);

    await expect(attempt).rejects.toMatchObject(kind('destination-conflict'));
    await expect(attempt).rejects.toThrow(name);
    expect(await destination.sources()).toEqual([]);
  });

  test('lasts: another handle finds everything', async () => {
    const { place, destination } = await setStage(makePlace);
    await destination.append(SHOP, [changeRow('a')]);
    await destination[Symbol.asyncDispose]();
    await destination[Symbol.asyncDispose]();

    const again = await open(place);

    expect(await again.sources()).toEqual([SHOP]);
    expect(await again.countLatest(SHOP)).toBe(1);
    expect(again.name).toBe(destination.name);
  });
}
