import { describe, expect, test } from 'vitest';
import type { ChangelogRow } from '../../src/changelog/row.ts';
import { publishedOver } from '../../src/snapshot/ledger.ts';
import { setStage } from '../support/stages/contract-stage.ts';
import { compact, makeScan } from '../support/stages/made-snapshots.ts';
import type { TemporaryDestination } from '../support/stages/temporary-destination.ts';
import { CHANGED_AT, changeRow, keyOf, scannedRow } from '../support/values/rows.ts';
import { SHOP, snapshotId } from '../support/values/shop.ts';
import { kind } from '../support/vitest/kind.ts';

const HOUR = 60 * 60 * 1000;
const LATER_LABEL = '2026-02-01T00:00:00.000';
/** What a compaction stands on. */
const BASES = ['changes alone', 'a scan'] as const;

/** What a compaction promises: it changes nothing that is shown, and whatever comes later still finds its place. */
export function compactionContract(makePlace: () => Promise<TemporaryDestination>): void {
  const change = (id: string, sequenceNumber: string, operation: ChangelogRow['operation'] = 'MODIFY') =>
    changeRow(id, { sequenceNumber, operation });

  describe('a compaction', () => {
    test('shows what was shown before, of changes alone and over a scan', async () => {
      const { destination, publishSnapshot, latest } = await setStage(makePlace);
      await destination.append(SHOP, [change('a', '1'), change('b', '2'), change('b', '3', 'REMOVE')]);
      const first = await latest();
      const { snapshotId: folded, items } = await compact(destination);
      expect(items).toBe(1);
      expect(withoutSnapshot(await latest())).toEqual(withoutSnapshot(first));
      expect(await destination.published(SHOP)).toMatchObject({ snapshotId: folded, reading: null, floor: null });

      const scan = await publishSnapshot(snapshotId(), [scannedRow('a'), scannedRow('c')]);
      await destination.append(SHOP, [change('d', '4'), change('c', '5', 'REMOVE')]);
      const second = await latest();
      await compact(destination);

      expect(withoutSnapshot(await latest())).toEqual(withoutSnapshot(second));
      expect(await destination.published(SHOP)).toMatchObject({
        reading: scan.snapshotId,
        floor: scan.floor,
        streamLabel: scan.streamLabel,
      });
    });

    // Over a scan positions are stored without what those of its stream begin with.
    test.for(BASES)('ranks what comes later by position, tombstones included, over %s', async (base) => {
      const { destination, publishSnapshot, items } = await setStage(makePlace);
      if (base === 'a scan') await publishSnapshot(snapshotId(), []);
      await destination.append(SHOP, [
        change('stored', '20'),
        change('older change', '20'),
        change('newer change', '20'),
        change('removed', '20', 'REMOVE'),
        change('removed, older change', '20', 'REMOVE'),
        change('removed, newer change', '20', 'REMOVE'),
        change('removed since', '20'),
      ]);
      await compact(destination);

      await destination.append(SHOP, [
        change('older change', '10'),
        change('newer change', '30'),
        change('removed, older change', '10'),
        change('removed, newer change', '30'),
        change('removed since', '30', 'REMOVE'),
      ]);
      const shown = {
        [keyOf('stored')]: { id: 'stored', n: '20' },
        [keyOf('older change')]: { id: 'older change', n: '20' },
        [keyOf('newer change')]: { id: 'newer change', n: '30' },
        [keyOf('removed, newer change')]: { id: 'removed, newer change', n: '30' },
      };

      expect(await items()).toEqual(shown);
      await compact(destination);
      expect(await items()).toEqual(shown);
    });

    test('lets a change win over a scanned item, however late it is folded and however often', async () => {
      const { destination, publishSnapshot, items } = await setStage(makePlace);
      await publishSnapshot(snapshotId(), [scannedRow('a'), scannedRow('b')]);
      await destination.append(SHOP, [change('a', '5')]);
      await compact(destination);
      await destination.append(SHOP, [change('b', '6'), change('a', '4')]);
      await compact(destination);

      expect(await items()).toEqual({ [keyOf('a')]: { id: 'a', n: '5' }, [keyOf('b')]: { id: 'b', n: '6' } });
    });

    test.for(BASES)('shows an item with the position and time of its change, over %s', async (base) => {
      const { destination, publishSnapshot, latest } = await setStage(makePlace);
      if (base === 'a scan') await publishSnapshot(snapshotId(), []);
      const row = changeRow('a', { changedAt: CHANGED_AT + HOUR });
      await destination.append(SHOP, [row]);

      await compact(destination);

      const shown = (await latest()).get(keyOf('a'));
      expect(shown?.position).toBe(row.position);
      expect(Date.parse(String(shown?.changed_at))).toBe(row.changedAt);
    });

    test('orders the streams of a table as its changes are', async () => {
      const { destination, items } = await setStage(makePlace);
      await destination.append(SHOP, [changeRow('a', { sequenceNumber: '1', label: LATER_LABEL })]);
      await compact(destination);

      await destination.append(SHOP, [change('a', '900')]);

      expect(await items()).toEqual({ [keyOf('a')]: { id: 'a', n: '1' } });
    });

    test('counts no change from before its horizon, and leaves out the tombstones from before', async () => {
      const { destination, items } = await setStage(makePlace);
      await destination.append(SHOP, [
        changeRow('old', { changedAt: CHANGED_AT - HOUR, sequenceNumber: '1' }),
        changeRow('removed', { changedAt: CHANGED_AT - HOUR, sequenceNumber: '3', operation: 'REMOVE' }),
        changeRow('removed lately', { sequenceNumber: '3', operation: 'REMOVE' }),
      ]);

      const { snapshotId: id } = await compact(destination, { now: () => CHANGED_AT, horizonMs: HOUR / 2 });
      await destination.append(SHOP, [
        changeRow('removed', { changedAt: CHANGED_AT - HOUR, sequenceNumber: '2' }),
        changeRow('removed lately', { sequenceNumber: '2' }),
      ]);

      expect(await destination.describeSnapshot(SHOP, id)).toMatchObject({
        floor: CHANGED_AT - HOUR / 2,
        itemCount: 1,
      });
      expect(await items()).toEqual({ [keyOf('old')]: { id: 'old', n: '1' } });
    });

    test('does not stop a reading that was begun before it, nor one that is published before it', async () => {
      const { destination, publishSnapshot, items } = await setStage(makePlace);
      const startedFrom = await publishSnapshot(snapshotId(1), [scannedRow('a')]);
      const reading = publishedOver(await makeScan(destination, [scannedRow('b')], { snapshotId: snapshotId(2) }));
      await compact(destination);

      await destination.publish(SHOP, { next: reading, startedFrom, by: 'reading' });

      expect(Object.keys(await items())).toEqual([keyOf('b')]);
    });

    test('is published over nothing but what it folded', async () => {
      const { destination, publishSnapshot, items } = await setStage(makePlace);
      const startedFrom = await publishSnapshot(snapshotId(1), [scannedRow('a')]);
      const facts = {
        ...(await makeScan(destination, [scannedRow('b')], { snapshotId: snapshotId(2) })),
        snapshotId: snapshotId(3),
        kind: 'compaction',
        reading: startedFrom.reading,
        from: await destination.foldFrom(SHOP),
      } as const;
      const folded = publishedOver(await destination.foldSnapshot(SHOP, facts, startedFrom));
      await publishSnapshot(snapshotId(2), [scannedRow('b')]);

      const attempt = destination.publish(SHOP, { next: folded, startedFrom, by: 'compaction' });

      await expect(attempt).rejects.toMatchObject(kind('snapshot-superseded'));
      expect(Object.keys(await items())).toEqual([keyOf('b')]);
    });

    test('records its life in the ledger, and what it replaced', async () => {
      const { destination, publishSnapshot } = await setStage(makePlace);
      await publishSnapshot(snapshotId(), [scannedRow('a')]);

      const { snapshotId: id } = await compact(destination);

      const events = (await destination.ledger(SHOP)).filter((event) => event.snapshotId === id);
      expect(events.map(({ event }) => event)).toEqual(['started', 'finished', 'published']);
      expect(events[2]).toMatchObject({ kind: 'compaction', baseSnapshotId: snapshotId(), itemCount: 1 });
    });
  });
}

function withoutSnapshot(shown: ReadonlyMap<string, object>) {
  return [...shown].map(([key, item]) => [key, { ...item, snapshot_id: null }]).sort();
}
