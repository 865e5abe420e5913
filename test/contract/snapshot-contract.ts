import { describe, expect, test } from 'vitest';
import type { Destination } from '../../src/destination/destination.ts';
import { objectNames } from '../../src/names/object-names.ts';
import { type LedgerEvent, publishedOver } from '../../src/snapshot/ledger.ts';
import { unpublished } from '../../src/snapshot/published.ts';
import type { SnapshotRow } from '../../src/snapshot/row.ts';
import type { SnapshotId } from '../../src/snapshot/snapshot-id.ts';
import { open, setStage } from '../support/stages/contract-stage.ts';
import { makeScan, publishMade } from '../support/stages/made-snapshots.ts';
import type { TemporaryDestination } from '../support/stages/temporary-destination.ts';
import { rowFile } from '../support/values/row-file.ts';
import { CHANGED_AT, changeRow, keyOf, LABEL, scannedRow } from '../support/values/rows.ts';
import { SHOP, snapshotId, sourceTable } from '../support/values/shop.ts';
import { type FactParts, factsOf } from '../support/values/snapshot-facts.ts';
import { kind } from '../support/vitest/kind.ts';

/** What `SnapshotStore` promises. */
export function snapshotContract(makePlace: () => Promise<TemporaryDestination>): void {
  const make = (destination: Destination, n: number, rows: readonly SnapshotRow[] = [], parts: FactParts = {}) =>
    makeScan(destination, rows, { snapshotId: snapshotId(n), ...parts });
  const tableOf = (id: SnapshotId) => objectNames(SHOP.name).snapshot(id);

  describe('a snapshot', () => {
    test('is not visible until it is published', async () => {
      const { destination, items } = await setStage(makePlace);
      const made = await make(destination, 1, [scannedRow('a')]);
      expect(await items()).toEqual({});

      await publishMade(destination, made);

      expect(Object.keys(await items())).toEqual([keyOf('a')]);
    });

    test('may be begun twice, and loaded in parts, one of them twice: it has each key once', async () => {
      const { destination, place } = await setStage(makePlace);
      const id = snapshotId();
      await destination.createLoad(SHOP, id);
      await destination.loadSnapshot(SHOP, id, 'chunk-1', rowFile([scannedRow('a'), scannedRow('b')]));
      await destination.createLoad(SHOP, id);
      await destination.loadSnapshot(SHOP, id, 'chunk-1', rowFile([scannedRow('a'), scannedRow('b')]));
      await destination.loadSnapshot(SHOP, id, 'chunk-2', rowFile([scannedRow('c')]));
      await destination.loadSnapshot(SHOP, id, 'chunk-3', rowFile([]));

      const { rows, keys } = await destination.countLoad(SHOP, id);
      const made = await destination.makeSnapshot(SHOP, factsOf(), rows !== keys);

      expect(keys).toBe(3);
      // A destination may recognise the part, or store it twice.
      expect([3, 5]).toContain(rows);
      expect(made).toEqual(factsOf({ itemCount: 3 }));
      const { rows: stored } = await destination.query(`SELECT key FROM ${place.table(tableOf(id))} ORDER BY key`);
      expect(stored).toEqual([[keyOf('a')], [keyOf('b')], [keyOf('c')]]);
    });

    test('says of itself what it is, once it is whole, and what was loaded for it is gone', async () => {
      const { destination } = await setStage(makePlace);
      await destination.createLoad(SHOP, snapshotId());
      expect(await destination.describeSnapshot(SHOP, snapshotId())).toBeUndefined();

      await destination.makeSnapshot(SHOP, factsOf({ baseSnapshotId: snapshotId(9) }), false);

      const facts = factsOf({ baseSnapshotId: snapshotId(9), itemCount: 0 });
      expect(await destination.describeSnapshot(SHOP, snapshotId())).toEqual(facts);
      await expect(destination.countLoad(SHOP, snapshotId())).rejects.toMatchObject(kind('destination-missing'));
    });

    test('is left as it is when it is made again', async () => {
      const { destination, items } = await setStage(makePlace);
      const made = await make(destination, 1, [scannedRow('a')]);

      expect(await destination.makeSnapshot(SHOP, factsOf(), false)).toEqual(made);

      await publishMade(destination, made);
      expect(Object.keys(await items())).toEqual([keyOf('a')]);
    });

    test('takes up bytes, loaded or made, and none where it is not', async () => {
      const { destination } = await setStage(makePlace);
      await destination.createLoad(SHOP, snapshotId(1));
      await destination.loadSnapshot(SHOP, snapshotId(1), 'chunk-1', rowFile([scannedRow('a')]));

      expect(await destination.snapshotBytes(SHOP, snapshotId(1))).toBeGreaterThanOrEqual(0);
      await destination.makeSnapshot(SHOP, factsOf(), false);
      expect(await destination.snapshotBytes(SHOP, snapshotId(1))).toBeGreaterThanOrEqual(0);
      expect(await destination.snapshotBytes(SHOP, snapshotId(2))).toBeNull();
    });

    test('can be dropped, made or loaded, also when it is not there', async () => {
      const { destination } = await setStage(makePlace);
      await make(destination, 1);
      await destination.createLoad(SHOP, snapshotId(2));

      for (const n of [1, 2, 2]) await destination.dropSnapshot(SHOP, snapshotId(n));

      expect(await destination.describeSnapshot(SHOP, snapshotId(1))).toBeUndefined();
      await expect(destination.countLoad(SHOP, snapshotId(2))).rejects.toMatchObject(kind('destination-missing'));
    });

    test('is not dropped while the state stands on it', async () => {
      const { destination, publishSnapshot, items } = await setStage(makePlace);
      const first = await make(destination, 1, [scannedRow('a')]);
      await publishSnapshot(snapshotId(2), [scannedRow('b')]);

      await expect(destination.dropSnapshot(SHOP, snapshotId(2))).rejects.toMatchObject(kind('destination-conflict'));
      await publishMade(destination, first);
      await destination.dropSnapshot(SHOP, snapshotId(2));

      expect(Object.keys(await items())).toEqual([keyOf('a')]);
    });

    test('can not be loaded before it is begun', async () => {
      const { destination } = await setStage(makePlace);

      await expect(
        destination.loadSnapshot(SHOP, snapshotId(), 'chunk-1', rowFile([scannedRow('a')])),
      ).rejects.toMatchObject(kind('destination-missing'));
    });

    test('that has lost its comment is never published', async () => {
      const { destination, place } = await setStage(makePlace);
      const made = await make(destination, 1);
      const name = place.table(tableOf(snapshotId(1)));
      await destination.execute(`DROP TABLE ${name}`);
      await destination.execute(
        `CREATE TABLE ${name} AS SELECT 'a' AS ${place.table('key').includes('`') ? '`key`' : '"key"'}`,
      );

      const attempt = publishMade(destination, made);

      await expect(attempt).rejects.toMatchObject({
        ...kind('destination-conflict'),
        remedy: expect.stringContaining('tailrace backfill'),
      });
      expect(await destination.published(SHOP)).toEqual(unpublished(1));
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

    test('changes nothing when another reading was expected', async () => {
      const { destination, publishSnapshot, items } = await setStage(makePlace);
      const published = await publishSnapshot(snapshotId(1), [scannedRow('a')]);
      const next = publishedOver(await make(destination, 2));

      const attempt = destination.publish(SHOP, { next, startedFrom: unpublished(1), by: 'reading' });

      await expect(attempt).rejects.toMatchObject(kind('snapshot-superseded'));
      expect(await destination.published(SHOP)).toEqual(published);
      expect(Object.keys(await items())).toEqual([keyOf('a')]);
    });

    test('lets one of several win that publish at once, each through its own handle', async () => {
      const { place, destination, latest } = await setStage(makePlace);
      await destination.append(SHOP, [changeRow('a', { changedAt: CHANGED_AT + 2 })]);
      const contenders = await Promise.all(
        [1, 2, 3, 4].map(async (n) => ({
          n,
          next: publishedOver(await make(destination, n)),
          handle: await open(place),
        })),
      );

      const outcomes = await Promise.allSettled(
        contenders.map(({ next, handle }) =>
          handle.publish(SHOP, { next, startedFrom: unpublished(1), by: 'compaction' }),
        ),
      );

      const won = contenders.filter((_, index) => outcomes[index]?.status === 'fulfilled');
      expect(won).toHaveLength(1);
      expect(await destination.published(SHOP)).toEqual(won[0]?.next);
      expect((await latest()).get(keyOf('a'))?.snapshot_id).toBe(snapshotId(won[0]?.n));
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(kind('snapshot-superseded'));
      }
    });

    test('can go back to an older snapshot, if a person chooses it', async () => {
      const { destination, publishSnapshot, items } = await setStage(makePlace);
      const first = await publishSnapshot(snapshotId(1), [scannedRow('a')]);
      const second = await publishSnapshot(snapshotId(2), [scannedRow('b')]);

      const byItself = destination.publish(SHOP, { next: first, startedFrom: second, by: 'reading' });
      await expect(byItself).rejects.toMatchObject(kind('snapshot-superseded'));
      expect(await destination.publish(SHOP, { next: first, startedFrom: second, by: 'choice' })).toEqual(second);

      expect(Object.keys(await items())).toEqual([keyOf('a')]);
    });

    test('refuses a snapshot that is not there, and one of a table that was never prepared', async () => {
      const { destination } = await setStage(makePlace);
      const publication = { next: publishedOver(factsOf()), startedFrom: unpublished(1), by: 'choice' } as const;

      await expect(destination.publish(SHOP, publication)).rejects.toMatchObject(kind('destination-missing'));
      expect(await destination.published(SHOP)).toEqual(unpublished(1));
      await expect(destination.publish(sourceTable('absent'), publication)).rejects.toMatchObject(
        kind('destination-missing'),
      );
    });

    test('refuses literals that the snapshot does not have', async () => {
      const { destination } = await setStage(makePlace);
      const made = publishedOver(await make(destination, 1));

      const next = { ...made, from: 1 };

      await expect(
        destination.publish(SHOP, { next, startedFrom: unpublished(1), by: 'choice' }),
      ).rejects.toMatchObject(kind('destination-conflict'));
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

  describe('a reading', () => {
    test('reads the changelog from its floor at the latest', async () => {
      const { destination } = await setStage(makePlace);

      const floor = Date.now() + 24 * 60 * 60_000;

      expect(await destination.readingFrom(SHOP, floor)).toBeLessThanOrEqual(floor);
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
      from: CHANGED_AT - 901_000,
      reading: snapshotId(),
      folded: null,
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
        event({
          at: CHANGED_AT + 9,
          event: 'dropped',
          tableId: null,
          kind: 'compaction',
          floor: null,
          streamArn: null,
          reading: null,
          folded: 'l/1',
        }),
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
