import { describe, expect, test } from 'vitest';
import type { LedgerEvent } from '../../src/snapshot/ledger.ts';
import type { Published } from '../../src/snapshot/published.ts';
import { unpublished } from '../../src/snapshot/published.ts';
import { open, setStage } from '../support/stages/contract-stage.ts';
import type { TemporaryDestination } from '../support/stages/temporary-destination.ts';
import { rowFile } from '../support/values/row-file.ts';
import { CHANGED_AT, changeRow, keyOf, LABEL, scannedRow } from '../support/values/rows.ts';
import { SHOP, snapshotId, sourceTable } from '../support/values/shop.ts';
import { kind } from '../support/vitest/kind.ts';

/** What `SnapshotStore` promises. */
export function snapshotContract(makePlace: () => Promise<TemporaryDestination>): void {
  const over = (n: number): Published => ({
    snapshotId: snapshotId(n),
    floor: CHANGED_AT + 1,
    streamLabel: LABEL,
    generation: 1,
  });

  describe('a snapshot', () => {
    test('is not visible until it is published', async () => {
      const { destination, items } = await setStage(makePlace);
      await destination.createSnapshot(SHOP, snapshotId());
      await destination.loadSnapshot(SHOP, snapshotId(), 'chunk-1', rowFile([scannedRow('a')]));
      expect(await items()).toEqual({});

      await destination.publish(SHOP, over(1), unpublished(1));

      expect(Object.keys(await items())).toEqual([keyOf('a')]);
    });

    test('may be created twice, and loaded in parts, one of them twice', async () => {
      const { destination } = await setStage(makePlace);
      const id = snapshotId();
      await destination.createSnapshot(SHOP, id);
      await destination.loadSnapshot(SHOP, id, 'chunk-1', rowFile([scannedRow('a'), scannedRow('b')]));
      await destination.createSnapshot(SHOP, id);
      await destination.loadSnapshot(SHOP, id, 'chunk-1', rowFile([scannedRow('a'), scannedRow('b')]));
      await destination.loadSnapshot(SHOP, id, 'chunk-2', rowFile([scannedRow('c')]));
      await destination.loadSnapshot(SHOP, id, 'chunk-3', rowFile([]));

      const { rows, keys } = await destination.countSnapshot(SHOP, id);

      expect(keys).toBe(3);
      // A destination may recognise the part, or store it twice.
      expect([3, 5]).toContain(rows);
    });

    test('takes up bytes, and none where it is not', async () => {
      const { destination } = await setStage(makePlace);
      await destination.createSnapshot(SHOP, snapshotId(1));
      await destination.loadSnapshot(SHOP, snapshotId(1), 'chunk-1', rowFile([scannedRow('a')]));

      expect(await destination.snapshotBytes(SHOP, snapshotId(1))).toBeGreaterThanOrEqual(0);
      expect(await destination.snapshotBytes(SHOP, snapshotId(2))).toBeNull();
    });

    test('can be dropped, also when it is not there', async () => {
      const { destination } = await setStage(makePlace);
      await destination.createSnapshot(SHOP, snapshotId());

      await destination.dropSnapshot(SHOP, snapshotId());
      await destination.dropSnapshot(SHOP, snapshotId());

      await expect(destination.countSnapshot(SHOP, snapshotId())).rejects.toMatchObject(kind('destination-missing'));
    });

    test('is not dropped while the latest view stands on it', async () => {
      const { destination, publishSnapshot, items } = await setStage(makePlace);
      const first = await publishSnapshot(snapshotId(1), [scannedRow('a')]);
      const second = await publishSnapshot(snapshotId(2), [scannedRow('b')]);

      await expect(destination.dropSnapshot(SHOP, snapshotId(2))).rejects.toMatchObject(kind('destination-conflict'));
      await destination.publish(SHOP, first, second);
      await destination.dropSnapshot(SHOP, snapshotId(2));

      expect(Object.keys(await items())).toEqual([keyOf('a')]);
    });

    test('can not be loaded before it is created', async () => {
      const { destination } = await setStage(makePlace);

      await expect(
        destination.loadSnapshot(SHOP, snapshotId(), 'chunk-1', rowFile([scannedRow('a')])),
      ).rejects.toMatchObject(kind('destination-missing'));
    });
  });

  describe('publish', () => {
    test('is read back from the view itself, by any handle', async () => {
      const { place, publishSnapshot } = await setStage(makePlace);

      const published = await publishSnapshot(snapshotId(), [], { floor: CHANGED_AT + 123, generation: 4 });

      expect(await (await open(place)).published(SHOP)).toEqual(published);
    });

    test('is undefined where there is no view', async () => {
      const { destination } = await setStage(makePlace);

      expect(await destination.published(sourceTable('absent'))).toBeUndefined();
    });

    test.for([
      ['another snapshot', { snapshotId: snapshotId(3) }],
      ['another floor', { floor: CHANGED_AT }],
      ['another stream', { streamLabel: 'another' }],
      ['another generation', { generation: 2 }],
      ['none', unpublished(1)],
    ] as const)('changes nothing when %s was expected', async ([, other]) => {
      const { destination, publishSnapshot, items } = await setStage(makePlace);
      const published = await publishSnapshot(snapshotId(1), [scannedRow('a')], { floor: CHANGED_AT + 1 });
      await destination.createSnapshot(SHOP, snapshotId(2));

      const attempt = destination.publish(SHOP, over(2), { ...published, ...other });

      await expect(attempt).rejects.toMatchObject(kind('snapshot-superseded'));
      expect(await destination.published(SHOP)).toEqual(published);
      expect(Object.keys(await items())).toEqual([keyOf('a')]);
    });

    test('lets one of several win that publish at once, each through its own handle', async () => {
      const { place, destination, latest } = await setStage(makePlace);
      await destination.append(SHOP, [changeRow('a', { changedAt: CHANGED_AT + 2 })]);
      const contenders = await Promise.all(
        [1, 2, 3, 4].map(async (n) => {
          await destination.createSnapshot(SHOP, snapshotId(n));
          return { n, handle: await open(place) };
        }),
      );

      const outcomes = await Promise.allSettled(
        contenders.map(({ n, handle }) => handle.publish(SHOP, over(n), unpublished(1))),
      );

      const won = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [contenders[index]?.n ?? 0] : []));
      expect(won).toHaveLength(1);
      expect(await destination.published(SHOP)).toEqual(over(won[0] ?? 0));
      expect((await latest()).get(keyOf('a'))?.snapshot_id).toBe(snapshotId(won[0]));
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(kind('snapshot-superseded'));
      }
    });

    test('can go back to an older snapshot', async () => {
      const { destination, publishSnapshot, items } = await setStage(makePlace);
      const first = await publishSnapshot(snapshotId(1), [scannedRow('a')]);
      const second = await publishSnapshot(snapshotId(2), [scannedRow('b')]);

      await destination.publish(SHOP, first, second);

      expect(Object.keys(await items())).toEqual([keyOf('a')]);
    });

    test('refuses a snapshot that is not there, and one of a table that was never prepared', async () => {
      const { destination } = await setStage(makePlace);

      await expect(destination.publish(SHOP, over(1), unpublished(1))).rejects.toMatchObject(
        kind('destination-missing'),
      );
      expect(await destination.published(SHOP)).toEqual(unpublished(1));
      await expect(destination.publish(sourceTable('absent'), unpublished(2), unpublished(1))).rejects.toMatchObject(
        kind('destination-missing'),
      );
    });

    test('leaves the view readable at every moment', async () => {
      const { place, publishSnapshot, items } = await setStage(makePlace);
      const reader = await open(place);
      await publishSnapshot(snapshotId(1), [scannedRow('a')]);
      let done = false;
      const reading = (async () => {
        let reads = 0;
        while (!done || reads === 0) {
          expect(await reader.countLatest(SHOP)).toBe(1);
          reads++;
        }
      })();

      for (const n of [2, 3, 4]) await publishSnapshot(snapshotId(n), [scannedRow('a')]);
      done = true;
      await reading;

      expect(await items()).toEqual({ [keyOf('a')]: { id: 'a', scanned: true } });
    });
  });

  describe('the ledger', () => {
    const event = (parts: Partial<LedgerEvent> = {}): LedgerEvent => ({
      at: CHANGED_AT,
      event: 'started',
      tableName: SHOP.name,
      tableArn: SHOP.arn,
      tableId: SHOP.tableId,
      snapshotId: snapshotId(),
      kind: 'scan',
      streamArn: `${SHOP.arn}/stream/${LABEL}`,
      startedAt: CHANGED_AT - 1000,
      floor: CHANGED_AT - 301_000,
      generation: 1,
      baseSnapshotId: null,
      itemCount: null,
      actor: `o'hara "\\" 😀`,
      ...parts,
    });

    test('gives back what was recorded, oldest first', async () => {
      const { destination } = await setStage(makePlace);
      const events = [
        event(),
        event({ at: CHANGED_AT + 5, event: 'finished', itemCount: 3 }),
        event({ at: CHANGED_AT + 5, event: 'published', itemCount: 3, baseSnapshotId: snapshotId(9) }),
        event({ at: CHANGED_AT + 9, event: 'dropped', tableId: null, kind: 'compaction' }),
      ];
      for (const recorded of [...events].reverse()) await destination.record(recorded);

      expect(await destination.ledger(SHOP)).toEqual(events);
    });

    test('gives only the events of the table asked for', async () => {
      const { destination } = await setStage(makePlace);
      const other = sourceTable('other');
      await destination.record(event());
      await destination.record(event({ tableName: other.name, tableArn: other.arn }));

      expect(await destination.ledger(SHOP)).toEqual([event()]);
      expect(await destination.ledger(sourceTable('third'))).toEqual([]);
    });
  });
}
