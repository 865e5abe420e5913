import { describe, expect, test } from 'vitest';
import { toRow } from '../../src/changelog/row.ts';
import { identity } from '../../src/privacy/transform.ts';
import { decode } from '../../src/record/decode.ts';
import { setStage } from '../support/stages/contract-stage.ts';
import type { TemporaryDestination } from '../support/stages/temporary-destination.ts';
import { streamRecord } from '../support/stream/record.ts';
import { HOSTILE_ITEMS } from '../support/values/hostile-items.ts';
import { changeRow, keyOf } from '../support/values/rows.ts';
import { SHOP, sourceTable } from '../support/values/shop.ts';
import { kind } from '../support/vitest/kind.ts';

const CHANGELOG = 'my_app_shop_changelog';

/** What `ChangelogAppender` promises, and what the status of a changelog says. */
export function appendContract(makePlace: () => Promise<TemporaryDestination>): void {
  describe('append', () => {
    test('stores every column of a row', async () => {
      const { place, destination } = await setStage(makePlace);
      const row = changeRow('a', {
        operation: 'MODIFY',
        sequenceNumber: '900000000013256687845',
        oldImage: '{"id":"a","n":0}',
        expired: true,
        origin: 'replay',
        generation: 3,
        changedAt: Date.parse('2016-12-02T01:27:00Z'),
      });

      const before = Date.now();
      expect(await destination.append(SHOP, [row])).toEqual([]);

      const { columns, rows } = await destination.query(
        `SELECT key, operation, position, sequence_number, event_id, new_image, old_image, digest, expired, origin, generation
         FROM ${place.table(CHANGELOG)}`,
      );
      expect(columns).toHaveLength(11);
      expect(rows).toEqual([
        [
          keyOf('a'),
          'MODIFY',
          row.position,
          '900000000013256687845',
          'event-900000000013256687845',
          { id: 'a', n: '900000000013256687845' },
          { id: 'a', n: 0 },
          row.digest,
          true,
          'replay',
          3,
        ],
      ]);
      const status = await destination.changelogStatus(SHOP, null);
      expect(status).toMatchObject({ recentRows: 1, newestChangedAt: row.changedAt, newestPosition: row.position });
      // By the destination's own clock, whose answers may be rounded down to the second.
      expect(status.newestIngestedAt).toBeGreaterThan(before - 2_000);
      expect(status.newestIngestedAt).toBeLessThan(Date.now() + 1_000);
    });

    test('distinguishes NULL from JSON null, false and empty text', async () => {
      const { place, destination } = await setStage(makePlace);
      await destination.append(SHOP, [
        changeRow('a', { operation: 'REMOVE', eventId: null, oldImage: null }),
        changeRow('b', { newImage: '{"v":null}', eventId: '' }),
      ]);

      const { rows } = await destination.query(
        `SELECT key, event_id, new_image, old_image, digest IS NULL, expired FROM ${place.table(CHANGELOG)} ORDER BY key`,
      );

      expect(rows).toEqual([
        [keyOf('a'), null, null, null, true, false],
        [keyOf('b'), '', { v: null }, null, false, false],
      ]);
    });

    test.for(HOSTILE_ITEMS)('carries %s unchanged', async ([, item]) => {
      const { destination, latest } = await setStage(makePlace);
      const keys = { id: { S: 'k' } };
      const newImage = { ...keys, v: item };
      const change = decode(streamRecord({ keys, newImage }), { changedAt: null });
      const row = toRow(change, { transform: identity, origin: 'stream' });

      expect(await destination.append(SHOP, [row])).toEqual([]);

      const shown = (await latest()).get(row.key);
      expect(JSON.stringify(shown?.item)).toBe(JSON.stringify(JSON.parse(row.newImage ?? '', largeAsText)));
      const found = (await destination.lookup(SHOP, [row.key])).get(row.key);
      expect(JSON.parse(found?.item ?? '')).toEqual(JSON.parse(row.newImage ?? ''));
      expect(found?.digest).toBe(row.digest);
    });

    test('takes no rows, and thousands at once', async () => {
      const { destination } = await setStage(makePlace);
      const rows = Array.from({ length: 5_000 }, (_, index) => changeRow(`item ${index}`));

      expect(await destination.append(SHOP, [])).toEqual([]);
      expect(await destination.append(SHOP, rows)).toEqual([]);

      expect(await destination.countLatest(SHOP)).toBe(5_000);
      expect(await destination.changelogStatus(SHOP, null)).toMatchObject({ recentRows: 5_000 });
    });

    test('may be called many times at once', async () => {
      const { destination } = await setStage(makePlace);

      await Promise.all(
        Array.from({ length: 20 }, (_, index) => destination.append(SHOP, [changeRow(`item ${index}`)])),
      );

      expect(await destination.countLatest(SHOP)).toBe(20);
    });

    test('is refused for a table that was never prepared', async () => {
      const { destination } = await setStage(makePlace);

      await expect(destination.append(sourceTable('absent'), [changeRow('a')])).rejects.toMatchObject(
        kind('destination-missing'),
      );
    });
  });

  test('the status of a changelog looks at recent rows alone, and has the number of all rows where it costs nothing', async () => {
    const { destination } = await setStage(makePlace);
    const rows = ['1', '2'].map((sequenceNumber) => changeRow('a', { sequenceNumber }));
    await destination.append(SHOP, rows);
    const all = expect.toSatisfy((number) => number === null || number === 2);

    expect(await destination.changelogStatus(SHOP, 0)).toMatchObject({
      rows: all,
      recentRows: 2,
      newestPosition: rows[1]?.position,
    });
    expect(await destination.changelogStatus(SHOP, Date.parse('9999-01-01'))).toEqual({
      rows: all,
      recentRows: 0,
      newestChangedAt: null,
      newestIngestedAt: null,
      newestPosition: null,
    });
  });

  test('the status of an empty changelog has no newest of anything', async () => {
    const { destination } = await setStage(makePlace);

    expect(await destination.changelogStatus(SHOP, null)).toEqual({
      rows: 0,
      recentRows: 0,
      newestChangedAt: null,
      newestIngestedAt: null,
      newestPosition: null,
    });
    expect(await destination.countLatest(SHOP)).toBe(0);
  });
}

/** Integers beyond 2^53 - 1 are text in the result of a query. */
function largeAsText(_name: string, value: unknown, { source }: { readonly source?: string } = {}): unknown {
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? source : value;
}
