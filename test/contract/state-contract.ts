import { describe, expect, test } from 'vitest';
import type { Destination } from '../../src/destination/destination.ts';
import { publishedOver } from '../../src/snapshot/ledger.ts';
import { type Published, unpublished } from '../../src/snapshot/published.ts';
import type { SnapshotRow } from '../../src/snapshot/row.ts';
import { setStage } from '../support/stages/contract-stage.ts';
import { makeScan } from '../support/stages/made-snapshots.ts';
import type { TemporaryDestination } from '../support/stages/temporary-destination.ts';
import { CHANGED_AT, changeRow, scannedRow } from '../support/values/rows.ts';
import { SHOP, snapshotId } from '../support/values/shop.ts';
import { factsOf } from '../support/values/snapshot-facts.ts';
import { kind } from '../support/vitest/kind.ts';

const OTHER = '{"other":true}';

/** What `SnapshotStore.compareStates` promises. */
export function stateContract(makePlace: () => Promise<TemporaryDestination>): void {
  const over = (n: number): Published => publishedOver(factsOf({ snapshotId: snapshotId(n) }));
  const make = (destination: Destination, n: number, rows: readonly SnapshotRow[]) =>
    makeScan(destination, rows, { snapshotId: snapshotId(n) });

  describe('two states', () => {
    test('are counted by added, removed, different and unchanged items', async () => {
      const { destination } = await setStage(makePlace);
      const [same, other, gone] = [scannedRow('same'), scannedRow('other'), scannedRow('gone')];
      await make(destination, 1, [same, other, gone]);
      const now = [same, scannedRow('other', OTHER), scannedRow('new-1'), scannedRow('new-2')];
      await make(destination, 2, now);

      const forth = await destination.compareStates(SHOP, over(1), over(2));
      const back = await destination.compareStates(SHOP, over(2), over(1));

      expect(forth).toEqual({ added: 2, removed: 1, different: 1, unchanged: 1 });
      expect(back).toEqual({ added: 1, removed: 2, different: 1, unchanged: 1 });
      expect(await destination.published(SHOP)).toEqual(unpublished(1));
    });

    test('count an item once that was loaded twice', async () => {
      const { destination } = await setStage(makePlace);
      for (const n of [1, 2]) {
        const rows = [scannedRow('a'), scannedRow(`only in ${n}`)];
        await make(destination, n, [...rows, ...rows]);
      }

      const difference = await destination.compareStates(SHOP, over(1), over(2));

      expect(difference).toEqual({ added: 1, removed: 1, different: 0, unchanged: 1 });
    });

    test('are compared over the changes that count for each: before the first snapshot, all of them', async () => {
      const { destination } = await setStage(makePlace);
      await destination.append(SHOP, [
        changeRow('seen and gone', { changedAt: CHANGED_AT - 1, sequenceNumber: '1' }),
        changeRow('changed since', { changedAt: CHANGED_AT, sequenceNumber: '2' }),
        changeRow('removed since', { changedAt: CHANGED_AT, sequenceNumber: '3', operation: 'REMOVE' }),
      ]);
      const rows = [scannedRow('changed since'), scannedRow('removed since'), scannedRow('never changed')];
      await make(destination, 1, rows);

      const first = await destination.compareStates(SHOP, unpublished(1), over(1));

      expect(first).toEqual({ added: 1, removed: 1, different: 0, unchanged: 1 });
    });

    test('have nothing in common where the generation of keys is another', async () => {
      const { destination } = await setStage(makePlace);
      await destination.append(SHOP, [changeRow('a'), changeRow('b', { generation: 2 })]);

      const difference = await destination.compareStates(SHOP, unpublished(1), unpublished(2));

      expect(difference).toEqual({ added: 1, removed: 1, different: 0, unchanged: 0 });
    });

    test('can not be compared if the snapshot of one is not there', async () => {
      const { destination } = await setStage(makePlace);

      const comparing = destination.compareStates(SHOP, unpublished(1), over(1));

      await expect(comparing).rejects.toMatchObject(kind('destination-missing'));
    });
  });
}
