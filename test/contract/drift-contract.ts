import { describe, expect, test } from 'vitest';
import type { ItemSource } from '../../src/views/item-source.ts';
import { setStage } from '../support/stages/contract-stage.ts';
import type { TemporaryDestination } from '../support/stages/temporary-destination.ts';
import { columnMisfits } from '../support/values/misfits.ts';
import { changeRow, keyOf } from '../support/values/rows.ts';
import { SHOP } from '../support/values/shop.ts';

const ALL = { share: 1, salt: '' };
const EVER: ItemSource = { of: 'changes', since: 0 };
/** Later than any clock of a test. */
const NEVER: ItemSource = { of: 'changes', since: Date.parse('2200-01-01T00:00:00Z') };

const VIEW = {
  name: 'my_app_shop',
  columns: [{ name: 'total', type: 'INT64', description: null, path: ['total'], cluster: false }] as const,
};

/** What `ViewStore` promises of the items that changes left behind. */
export function driftContract(makePlace: () => Promise<TemporaryDestination>): void {
  const stageWithChanges = async () => {
    const stage = await setStage(makePlace);
    await stage.destination.append(SHOP, [
      changeRow('a', { newImage: '{"id":"a","total":1}' }),
      changeRow('a', { sequenceNumber: '2', operation: 'MODIFY', newImage: '{"coupon":"c","id":"a","total":"x"}' }),
      changeRow('a', { sequenceNumber: '3', operation: 'REMOVE', newImage: null }),
      changeRow('b', { newImage: '{"id":"b","total":2}' }),
    ]);
    return stage;
  };

  describe('the items of changes', () => {
    test('are every image that a change left behind, also of items that are gone', async () => {
      const { destination } = await stageWithChanges();

      expect(await destination.itemShapes(SHOP, ALL, EVER)).toEqual({
        isRead: true,
        shapes: [
          { shape: '{"id":"total":}', items: 2 },
          { shape: '{"coupon":"id":"total":}', items: 1 },
        ],
      });
      expect(await destination.countMisfits(SHOP, VIEW, 5, EVER)).toEqual({
        items: 3,
        byColumn: [columnMisfits({ present: 3, misfits: 1, listed: [{ key: keyOf('a'), type: 'string' }] })],
      });
    });

    test('are none of those that were ingested before', async () => {
      const { destination } = await stageWithChanges();

      expect(await destination.itemShapes(SHOP, ALL, NEVER)).toEqual({ isRead: true, shapes: [] });
      expect((await destination.countMisfits(SHOP, VIEW, 5, NEVER)).items).toBe(0);
    });
  });
}
