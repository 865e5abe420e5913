import { describe, expect, test } from 'vitest';
import type { ChangelogRow } from '../../src/changelog/row.ts';
import { canonicalKey } from '../../src/value/key.ts';
import { setStage } from '../support/stages/contract-stage.ts';
import type { TemporaryDestination } from '../support/stages/temporary-destination.ts';
import { CHANGED_AT, changeRow, keyOf, LABEL, scannedRow } from '../support/values/rows.ts';
import { SHOP, snapshotId } from '../support/values/shop.ts';

const LATER_LABEL = '2026-02-01T00:00:00.000';
const MINUTE = 60_000;

/** What the latest view shows: the order of changes, and snapshots under them. */
export function latestContract(makePlace: () => Promise<TemporaryDestination>): void {
  /** What is shown of the key `a` after these rows; `undefined` if it isn't there. */
  const shownAfter = async (...batches: (readonly ChangelogRow[])[]) => {
    const { destination, items } = await setStage(makePlace);
    for (const rows of batches) await destination.append(SHOP, rows);
    return (await items())[keyOf('a')];
  };
  const change = (sequenceNumber: string, operation: ChangelogRow['operation'] = 'MODIFY', label = LABEL) =>
    changeRow('a', { sequenceNumber, operation, label });

  describe('without a snapshot the latest view', () => {
    test('orders sequence numbers as numbers, not as text', async () => {
      expect(await shownAfter([change('900000000013256687845'), change('1000000000013256690000')])).toMatchObject({
        n: '1000000000013256690000',
      });
    });

    test('orders sequence numbers of 40 digits by their last one', async () => {
      const digits = '9'.repeat(39);

      expect(await shownAfter([change(`${digits}8`), change(`${digits}7`)])).toMatchObject({ n: `${digits}8` });
    });

    test('does not depend on the order in which rows were written', async () => {
      expect(await shownAfter([change('30')], [change('10'), change('20')])).toMatchObject({ n: '30' });
    });

    test('shows an item that was removed and inserted again within one second', async () => {
      expect(await shownAfter([change('2', 'INSERT'), change('1', 'REMOVE')])).toMatchObject({ n: '2' });
    });

    test('does not bring a removed item back, whatever came before', async () => {
      expect(await shownAfter([change('1', 'INSERT'), change('2')], [change('3', 'REMOVE')])).toBeUndefined();
      expect(await shownAfter([change('3', 'REMOVE')], [change('1', 'INSERT'), change('2')])).toBeUndefined();
    });

    test('puts a stream that was switched on again after the one before, though its numbers are lower', async () => {
      expect(await shownAfter([change('900', 'MODIFY'), change('5', 'MODIFY', LATER_LABEL)])).toMatchObject({ n: '5' });
    });

    test('shows the same after the same batch came twice', async () => {
      const batch = [change('1', 'INSERT'), change('2'), changeRow('b')];
      const { destination, latest } = await setStage(makePlace);
      await destination.append(SHOP, batch);
      const once = await latest();

      await destination.append(SHOP, batch);

      expect(await latest()).toEqual(once);
      expect(await destination.changelogStatus(SHOP, null)).toMatchObject({ recentRows: 6 });
    });

    test('separates keys that differ only in type, or in where a separator falls', async () => {
      const keys = [
        { a: { S: '1' } },
        { a: { N: '1' } },
        { a: { B: 'MQ==' } },
        { a: { S: 'x|y' }, b: { S: 'z' } },
        { a: { S: 'x' }, b: { S: 'y|z' } },
        { a: { S: 'x","y' } },
        { a: { S: 'x' }, b: { S: 'y' } },
      ].map((key) => canonicalKey(key));
      const { destination, items } = await setStage(makePlace);

      await destination.append(
        SHOP,
        keys.map((key) => changeRow('', { key })),
      );

      expect(Object.keys(await items()).sort()).toEqual([...keys].sort());
    });

    test('separates two keys with one sequence number', async () => {
      const { destination, items } = await setStage(makePlace);

      await destination.append(SHOP, [changeRow('a'), changeRow('b')]);

      expect(Object.keys(await items()).sort()).toEqual([keyOf('a'), keyOf('b')]);
    });

    test('shows an item’s position, and that it comes from no snapshot', async () => {
      const { destination, latest } = await setStage(makePlace);
      const row = change('7');
      await destination.append(SHOP, [row]);

      const shown = (await latest()).get(keyOf('a'));
      expect(shown).toMatchObject({ digest: row.digest, position: row.position, snapshot_id: null });
      expect(Date.parse(String(shown?.changed_at))).toBe(CHANGED_AT);
    });

    test('counts only its own generation', async () => {
      const { destination, items } = await setStage(makePlace);

      await destination.append(SHOP, [change('1'), changeRow('a', { sequenceNumber: '2', generation: 2 })]);

      expect(await items()).toEqual({ [keyOf('a')]: { id: 'a', n: '1' } });
    });
  });

  describe('over a snapshot that a scan read, the latest view', () => {
    test('shows the snapshot where no change counts', async () => {
      const { publishSnapshot, latest } = await setStage(makePlace);
      const row = scannedRow('a');

      await publishSnapshot(snapshotId(), [row]);

      expect(await latest()).toEqual(
        new Map([
          [
            keyOf('a'),
            {
              item: { id: 'a', scanned: true },
              digest: row.digest,
              position: null,
              changed_at: null,
              snapshot_id: snapshotId(),
            },
          ],
        ]),
      );
    });

    test.for([
      ['at the floor', 0, true],
      ['after the floor', 1, true],
      ['a millisecond before the floor', -1, false],
    ] as const)('counts a change %s: %s ms, %s', async ([, after, counts]) => {
      const { destination, publishSnapshot, items } = await setStage(makePlace);
      await destination.append(SHOP, [changeRow('a', { changedAt: CHANGED_AT + after })]);

      await publishSnapshot(snapshotId(), [scannedRow('a')], { floor: CHANGED_AT });

      expect(await items()).toEqual({ [keyOf('a')]: counts ? { id: 'a', n: '1' } : { id: 'a', scanned: true } });
    });

    test('lets a change that counts win, whether the scan saw it or not', async () => {
      const { destination, publishSnapshot, items } = await setStage(makePlace);

      await publishSnapshot(snapshotId(), [scannedRow('seen'), scannedRow('gone')]);
      await destination.append(SHOP, [
        changeRow('seen', { operation: 'MODIFY', sequenceNumber: '5' }),
        changeRow('missed', { sequenceNumber: '6' }),
        changeRow('gone', { operation: 'REMOVE', sequenceNumber: '7' }),
      ]);

      expect(await items()).toEqual({
        [keyOf('seen')]: { id: 'seen', n: '5' },
        [keyOf('missed')]: { id: 'missed', n: '6' },
      });
    });

    test('shows what changed in a gap, and not what was removed in it', async () => {
      const { destination, publishSnapshot, items } = await setStage(makePlace);
      const before = CHANGED_AT - 25 * 60 * MINUTE;
      await destination.append(SHOP, [
        changeRow('changed', { changedAt: before, sequenceNumber: '1' }),
        changeRow('removed', { changedAt: before, sequenceNumber: '2' }),
      ]);

      await publishSnapshot(snapshotId(), [scannedRow('changed')]);

      expect(await items()).toEqual({ [keyOf('changed')]: { id: 'changed', scanned: true } });
    });

    test('does not count rows of an earlier stream, even after the floor, and counts those of a later one', async () => {
      const { destination, publishSnapshot, items } = await setStage(makePlace);
      await destination.append(SHOP, [
        changeRow('old', { label: LABEL, sequenceNumber: '900' }),
        changeRow('same', { label: LATER_LABEL, sequenceNumber: '1' }),
        changeRow('new', { label: '2026-03-01T00:00:00.000', sequenceNumber: '1' }),
      ]);

      await publishSnapshot(snapshotId(), [scannedRow('old')], { streamLabel: LATER_LABEL });

      expect(await items()).toEqual({
        [keyOf('old')]: { id: 'old', scanned: true },
        [keyOf('same')]: { id: 'same', n: '1' },
        [keyOf('new')]: { id: 'new', n: '1' },
      });
    });

    test('counts only the generation of its snapshot', async () => {
      const { destination, publishSnapshot, items } = await setStage(makePlace);
      await destination.append(SHOP, [changeRow('a', { generation: 1 }), changeRow('b', { generation: 2 })]);

      await publishSnapshot(snapshotId(), [], { generation: 2 });

      expect(Object.keys(await items())).toEqual([keyOf('b')]);
    });

    test('shows a key once that is twice in the snapshot', async () => {
      const { publishSnapshot, items, destination } = await setStage(makePlace);
      const rows = [scannedRow('a', '{"v":1}'), scannedRow('a', '{"v":1}'), scannedRow('b', '{"v":2}')];

      await publishSnapshot(snapshotId(), rows);

      expect(await items()).toEqual({ [keyOf('a')]: { v: 1 }, [keyOf('b')]: { v: 2 } });
      expect(await destination.countLatest(SHOP)).toBe(2);
      expect(await destination.describeSnapshot(SHOP, snapshotId())).toMatchObject({ itemCount: 2 });
    });
  });
}
