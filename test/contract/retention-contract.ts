import { describe, expect, test } from 'vitest';
import { objectNames } from '../../src/names/object-names.ts';
import { setStage } from '../support/stages/contract-stage.ts';
import { makeScan, publishMade } from '../support/stages/made-snapshots.ts';
import type { TemporaryDestination } from '../support/stages/temporary-destination.ts';
import { changeRow, keyOf, scannedRow } from '../support/values/rows.ts';
import { SHOP, snapshotId } from '../support/values/shop.ts';
import { kind } from '../support/vitest/kind.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const LONG_AGO = Date.UTC(2020, 0, 1);

/** What `RowRetention` promises. */
export function retentionContract(makePlace: () => Promise<TemporaryDestination>): void {
  /** A table with one row that was ingested long ago, and one that was ingested just now. */
  async function stageWithOldRow() {
    const stage = await setStage(makePlace);
    const { destination, place } = stage;
    await destination.append(SHOP, [
      changeRow('old', { changedAt: LONG_AGO - HOUR, sequenceNumber: '1' }),
      changeRow('new', { changedAt: Date.now() - HOUR, sequenceNumber: '2' }),
    ]);
    const changelog = place.table(objectNames(SHOP.name).changelog);
    const ingest = (id: string, time: number) => {
      const timestamp = new Date(time).toISOString().replace('T', ' ').replace('Z', '');
      return destination.execute(
        `UPDATE ${changelog} SET ingested_at = TIMESTAMP '${timestamp}' WHERE key = '${keyOf(id)}'`,
      );
    };
    await ingest('old', LONG_AGO);
    const keys = async () => (await destination.query(`SELECT key FROM ${changelog} ORDER BY key`)).rows.flat();
    const keptSince = async () => (await destination.known(SHOP.name))?.changelog.keptSince;
    return { ...stage, ingest, keys, keptSince };
  }

  describe('the rows of a changelog', () => {
    test('that were ingested before a time are dropped, and no others, however often', async () => {
      const { destination, publishSnapshot, keys, latest } = await stageWithOldRow();
      await publishSnapshot(snapshotId(), [scannedRow('old')]);
      const shown = await latest();
      expect(await destination.countRowsBefore(SHOP, LONG_AGO)).toBe(0);
      expect(await destination.countRowsBefore(SHOP, LONG_AGO + 1)).toBe(1);

      await destination.dropRows(SHOP, LONG_AGO);
      expect(await keys()).toEqual([keyOf('new'), keyOf('old')]);
      for (const _time of [1, 2]) {
        await destination.dropRows(SHOP, LONG_AGO + 1);
        expect(await keys()).toEqual([keyOf('new')]);
      }

      expect(await destination.countRowsBefore(SHOP, LONG_AGO + 1)).toBe(0);
      expect(await latest()).toEqual(shown);
    });

    test('that were dropped are recorded, so that no snapshot which needs them is published', async () => {
      const { destination, publishSnapshot, keptSince, items } = await stageWithOldRow();
      const outdated = await makeScan(destination, [scannedRow('outdated')], { snapshotId: snapshotId(1) });
      const before = outdated.from + DAY;
      await publishSnapshot(snapshotId(2), [scannedRow('kept')], { from: before });

      await destination.dropRows(SHOP, before);

      await expect(publishMade(destination, outdated)).rejects.toMatchObject(kind('snapshot-outdated'));
      expect(await items()).toHaveProperty([keyOf('kept')]);
      expect(await keptSince()).toBe(before);
      await destination.dropRows(SHOP, before - HOUR);
      await destination.prepare(SHOP, 1, { historyDays: 7, seen: { createdAt: LONG_AGO, streams: ['label'] } });
      expect(await keptSince()).toBe(before);
    });

    test('stay while the state needs them, and while it stands on no snapshot', async () => {
      const { destination, publishSnapshot, keys, keptSince } = await stageWithOldRow();
      const born = await keptSince();
      await expect(destination.dropRows(SHOP, LONG_AGO + 1)).rejects.toMatchObject(kind('destination-conflict'));
      const published = await publishSnapshot(snapshotId(), [scannedRow('a')]);

      const attempt = destination.dropRows(SHOP, (published.from ?? 0) + 1);

      await expect(attempt).rejects.toMatchObject({
        ...kind('destination-conflict'),
        remedy: expect.stringContaining(`tailrace retention ${SHOP.name}`),
      });
      expect(await keys()).toEqual([keyOf('new'), keyOf('old')]);
      expect(await keptSince()).toBe(born);
    });

    test('of changes younger than an age were ingested since a time, also where clocks differ', async () => {
      const { destination, ingest } = await stageWithOldRow();
      const early = Date.now() - 2 * HOUR;
      await ingest('new', early);

      expect(await destination.ingestedWithin(SHOP, HOUR + HOUR / 2)).toBeLessThanOrEqual(early);
      expect(await destination.ingestedWithin(SHOP, 30 * DAY)).toBeLessThanOrEqual(Date.now() - 30 * DAY);
      expect(await destination.ingestedWithin(SHOP, 30 * DAY)).toBeGreaterThan(Date.now() - 31 * DAY);
    });
  });
}
