import { describe, expect, test } from 'vitest';
import type { ChangelogRow } from '../../src/changelog/row.ts';
import { setStage } from '../support/stages/contract-stage.ts';
import type { TemporaryDestination } from '../support/stages/temporary-destination.ts';
import { CHANGED_AT, changeRow, foldedRow, keyOf } from '../support/values/rows.ts';
import { SHOP, snapshotId } from '../support/values/shop.ts';

const HOUR = 60 * 60 * 1000;

/** What the latest view shows over a snapshot whose rows have positions. */
export function compactionContract(makePlace: () => Promise<TemporaryDestination>): void {
  describe('over a snapshot that a compaction made, the latest view', () => {
    test('ranks its rows by their positions, tombstones included', async () => {
      const { destination, publishSnapshot, items } = await setStage(makePlace);
      const fold = (id: string, operation: ChangelogRow['operation']) =>
        foldedRow(changeRow(id, { sequenceNumber: '20', operation }));
      await publishSnapshot(snapshotId(), [
        fold('stored', 'MODIFY'),
        fold('older change', 'MODIFY'),
        fold('newer change', 'MODIFY'),
        fold('removed', 'REMOVE'),
        fold('removed, older change', 'REMOVE'),
        fold('removed, newer change', 'REMOVE'),
        fold('removed since', 'MODIFY'),
      ]);

      await destination.append(SHOP, [
        changeRow('older change', { sequenceNumber: '10' }),
        changeRow('newer change', { sequenceNumber: '30' }),
        changeRow('removed, older change', { sequenceNumber: '10' }),
        changeRow('removed, newer change', { sequenceNumber: '30' }),
        changeRow('removed since', { sequenceNumber: '30', operation: 'REMOVE' }),
      ]);

      expect(await items()).toEqual({
        [keyOf('stored')]: { id: 'stored', n: '20' },
        [keyOf('older change')]: { id: 'older change', n: '20' },
        [keyOf('newer change')]: { id: 'newer change', n: '30' },
        [keyOf('removed, newer change')]: { id: 'removed, newer change', n: '30' },
      });
    });

    test('shows an item with the position and time of its change', async () => {
      const { publishSnapshot, latest } = await setStage(makePlace);
      const folded = foldedRow(changeRow('a', { changedAt: CHANGED_AT - HOUR }));

      await publishSnapshot(snapshotId(), [folded]);

      const shown = (await latest()).get(keyOf('a'));
      expect(shown?.position).toBe(folded.position);
      expect(Date.parse(String(shown?.changed_at))).toBe(folded.changedAt);
    });
  });
}
