import { describe, expect, test } from 'vitest';
import type { StreamedChange } from '../../src/changelog/streamed-change.ts';
import type { GapRange } from '../../src/destination/gap-finder.ts';
import { comparisonName, objectNames } from '../../src/names/object-names.ts';
import { positionOf } from '../../src/order/position.ts';
import { setStage } from '../support/stages/contract-stage.ts';
import type { TemporaryDestination } from '../support/stages/temporary-destination.ts';
import { CHANGED_AT, changeRow, keyOf, LABEL } from '../support/values/rows.ts';
import { SHOP, sourceTable } from '../support/values/shop.ts';
import { kind } from '../support/vitest/kind.ts';

/** Changes until then have had time to arrive. */
const LAG_CUTOFF = CHANGED_AT + 1_000;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A change in the stream: by default of the same key as its row. */
const streamed = (sequenceNumber: string, parts: Partial<StreamedChange> = {}): StreamedChange => ({
  shardId: 'shard-1',
  position: positionOf(LABEL, sequenceNumber),
  key: keyOf('a'),
  sequenceNumber,
  changedAt: CHANGED_AT,
  parked: 0,
  ...parts,
});

const range = (standing: GapRange['status'], from: string, to: string, records: number, shardId = 'shard-1') => ({
  shardId,
  status: standing,
  from,
  to,
  position: positionOf(LABEL, to),
  ordinal: expect.any(Number),
  records,
});

/** What `GapFinder` promises. */
export function gapContract(makePlace: () => Promise<TemporaryDestination>): void {
  /** A changelog that has these changes of one key. */
  const stageWith = async (...numbers: readonly string[]) => {
    const stage = await setStage(makePlace);
    await stage.destination.append(
      SHOP,
      numbers.map((sequenceNumber) => changeRow('a', { sequenceNumber })),
    );
    return stage;
  };

  describe('a search for gaps', () => {
    test('finds nothing where the changelog has everything, doubled or not, and nothing where nothing was streamed', async () => {
      const { destination } = await stageWith('1', '2', '2', '3');
      await using search = await destination.findGaps(SHOP, 'g1');
      await using empty = await destination.findGaps(SHOP, 'g2');
      await search.add(['1', '2', '2', '3'].map((number) => streamed(number)));

      expect(await search.ranges(LAG_CUTOFF, 10, null)).toEqual([]);
      expect(await search.counts(LAG_CUTOFF)).toEqual({ streamed: 3, missing: 0, 'in-flight': 0, parked: 0 });
      expect(await empty.ranges(LAG_CUTOFF, 10, null)).toEqual([]);
      expect(await empty.counts(LAG_CUTOFF)).toEqual({ streamed: 0, missing: 0, 'in-flight': 0, parked: 0 });
    });

    test('gives what is missing as ranges of changes that follow each other in their shard', async () => {
      const { destination } = await stageWith('1', '20', '301');
      await using search = await destination.findGaps(SHOP, 'g1');
      await search.add(['300', '9', '1', '20', '5', '301', '400'].map((number) => streamed(number)));
      await search.add([streamed('302', { shardId: 'shard-2' }), streamed('10')]);

      expect(await search.ranges(LAG_CUTOFF, 10, null)).toEqual([
        range('missing', '5', '10', 3),
        range('missing', '300', '300', 1),
        range('missing', '400', '400', 1),
        range('missing', '302', '302', 1, 'shard-2'),
      ]);
      expect(await search.counts(LAG_CUTOFF)).toMatchObject({ streamed: 9, missing: 6 });
    });

    test('knows a change by its position and its key, whatever else its row has', async () => {
      const { destination } = await stageWith('1', '2');
      await using search = await destination.findGaps(SHOP, 'g1');
      await search.add([
        streamed('1', { key: keyOf('another') }),
        streamed('2', { position: positionOf('2027-01-01T00:00:00.000', '2') }),
        streamed('3'),
      ]);

      expect(await search.counts(LAG_CUTOFF)).toMatchObject({ streamed: 3, missing: 3 });
    });

    test('distinguishes missing changes from those that are too recent and those among the dead letters', async () => {
      const { destination } = await stageWith('1', '5');
      await using search = await destination.findGaps(SHOP, 'g1');
      await search.add([
        streamed('1'),
        streamed('2', { parked: 1 }),
        streamed('3'),
        streamed('4'),
        streamed('5', { parked: 1 }),
        streamed('6', { changedAt: LAG_CUTOFF }),
        streamed('7', { changedAt: LAG_CUTOFF + 1 }),
        streamed('8', { changedAt: LAG_CUTOFF + 9_000 }),
        streamed('9', { changedAt: LAG_CUTOFF + 9_000, parked: 1 }),
      ]);

      expect(await search.ranges(LAG_CUTOFF, 10, null)).toEqual([
        range('parked', '2', '2', 1),
        range('missing', '3', '4', 2),
        range('missing', '6', '6', 1),
        range('in-flight', '7', '8', 2),
        range('parked', '9', '9', 1),
      ]);
      expect(await search.counts(LAG_CUTOFF)).toEqual({ streamed: 9, missing: 3, 'in-flight': 2, parked: 2 });
    });

    test('spells sequence numbers as the stream does, zeros in front included', async () => {
      const { destination } = await stageWith();
      await using search = await destination.findGaps(SHOP, 'g1');
      await search.add([streamed('000000000000000000009'), streamed('000000000000000000010')]);

      expect(await search.ranges(LAG_CUTOFF, 10, null)).toMatchObject([
        { from: '000000000000000000009', to: '000000000000000000010', records: 2 },
      ]);
    });

    test('gives its ranges page by page, each once, shards of hostile names among them', async () => {
      const { destination } = await stageWith('2', '4', '6');
      await using search = await destination.findGaps(SHOP, 'g1');
      const numbers = ['1', '2', '3', '4', '5', '6', '7'];
      const shards = ['shard-1', `o'shard"\\\``];
      await search.add(shards.flatMap((shardId) => numbers.map((number) => streamed(number, { shardId }))));

      const all = await search.ranges(LAG_CUTOFF, 100, null);
      const paged: GapRange[] = [];
      for (let page = await search.ranges(LAG_CUTOFF, 3, null); page.length > 0; ) {
        paged.push(...page);
        page = await search.ranges(LAG_CUTOFF, 3, page.at(-1) ?? null);
      }

      expect(all).toHaveLength(8);
      expect(paged).toEqual(all);
    });

    test('skips none of several keys at one sequence number, wherever a page ends', async () => {
      const { destination } = await stageWith('2');
      await using search = await destination.findGaps(SHOP, 'g1');
      const later = { changedAt: LAG_CUTOFF + 1 };
      await search.add([streamed('2'), ...['a1', 'a2', 'a3'].map((key) => streamed('2', { key: keyOf(key) }))]);
      await search.add([streamed('2', { key: keyOf('a0'), ...later }), streamed('2', { key: keyOf('a22'), ...later })]);

      const standings: string[] = [];
      for (let page = await search.ranges(LAG_CUTOFF, 1, null); page.length > 0; ) {
        standings.push(...page.map(({ status: standing, records }) => `${records} ${standing}`));
        page = await search.ranges(LAG_CUTOFF, 1, page.at(-1) ?? null);
      }

      expect(standings).toEqual(['1 in-flight', '2 missing', '1 in-flight', '1 missing']);
    });

    test('sees the changelog as it is when it is asked', async () => {
      const { destination } = await stageWith();
      await using search = await destination.findGaps(SHOP, 'g1');
      await search.add([streamed('1')]);
      expect(await search.counts(LAG_CUTOFF)).toMatchObject({ missing: 1 });

      await destination.append(SHOP, [changeRow('a', { sequenceNumber: '1' })]);

      expect(await search.counts(LAG_CUTOFF)).toMatchObject({ missing: 0 });
    });

    test('finds a change that was ingested since, however old its row says that it is', async () => {
      const { destination } = await stageWith();
      const lateRow = { sequenceNumber: '1', changedAt: CHANGED_AT - 30 * DAY_MS };
      await destination.append(SHOP, [changeRow('a', lateRow)]);
      await using search = await destination.findGaps(SHOP, 'g1');
      await search.add([streamed('1')]);

      expect(await search.counts(LAG_CUTOFF)).toMatchObject({ streamed: 1, missing: 0 });
    });

    test('finds a change whose row is stamped almost two hours before the stream’s oldest', async () => {
      const { place, destination } = await stageWith();
      const stamp = new Date(CHANGED_AT - 2 * HOUR_MS + 1_000).toISOString();
      await destination.append(SHOP, [changeRow('a', { sequenceNumber: '1' })]);
      const { changelog } = objectNames(SHOP.name);
      await destination.execute(`UPDATE ${place.table(changelog)} SET ingested_at = TIMESTAMP '${stamp}' WHERE true`);
      await using search = await destination.findGaps(SHOP, 'g1');
      await search.add([streamed('1')]);

      expect(await search.counts(LAG_CUTOFF)).toMatchObject({ streamed: 1, missing: 0 });
    });

    test('leaves nothing behind', async () => {
      const { place, destination } = await stageWith();
      {
        await using search = await destination.findGaps(SHOP, 'g1');
        await search.add([streamed('1')]);
      }

      await expect(destination.query(`SELECT * FROM ${place.table(comparisonName('g1'))}`)).rejects.toMatchObject(
        kind('query-invalid'),
      );
    });

    test('of a table that has no changelog is refused', async () => {
      const { destination } = await stageWith();

      await expect(destination.findGaps(sourceTable('unknown'), 'g1')).rejects.toMatchObject(
        kind('destination-missing'),
      );
    });
  });
}
