import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../../src/clock.ts';
import { BufferedSlices } from '../../../../src/destination/duckdb/buffered-slices.ts';
import { DatabaseFile } from '../../../../src/destination/duckdb/database-file.ts';
import { startGapSearch } from '../../../../src/destination/duckdb/gap-search.ts';
import type { GapRange } from '../../../../src/destination/gap-finder.ts';
import { positionOf } from '../../../../src/order/position.ts';
import { systemRandom } from '../../../../src/random.ts';
import { temporaryDatabase } from '../../../support/duckdb/temporary-database.ts';
import { setStage } from '../../../support/stages/contract-stage.ts';
import { CHANGED_AT, changeRow, keyOf, LABEL } from '../../../support/values/rows.ts';
import { SHOP } from '../../../support/values/shop.ts';

const SHARDS = ['shard-1', 'shard-2', 'shard-3'];

test('a search slice by slice finds the same gaps as a search of everything', async () => {
  const place = await temporaryDatabase();
  const { destination } = await setStage(async () => place);
  const numbers = Array.from({ length: 40 }, (_, index) => String(100 + index));
  const logged = numbers.filter((_, index) => index % 7 !== 3 && (index < 20 || index > 28));
  await destination.append(
    SHOP,
    logged.map((sequenceNumber) => changeRow('a', { sequenceNumber })),
  );
  const deps = { clock: systemClock, random: systemRandom };
  const file = DatabaseFile.acquire(place.file, deps);
  onTestFinished(() => file.release());
  const streamed = SHARDS.flatMap((shardId) =>
    numbers.map((sequenceNumber) => ({
      ...{ shardId, sequenceNumber, position: positionOf(LABEL, sequenceNumber) },
      ...{ key: keyOf('a'), changedAt: CHANGED_AT, parked: 0 as const },
    })),
  );
  const find = async (id: string, size: number) => {
    await using search = await startGapSearch(file, deps, SHOP, id, new BufferedSlices(size));
    await search.add(streamed);
    const ranges: GapRange[] = [];
    for (let page = await search.ranges(CHANGED_AT, 4, null); page.length > 0; ) {
      ranges.push(...page);
      page = await search.ranges(CHANGED_AT, 4, page.at(-1) ?? null);
    }
    return { counts: await search.counts(CHANGED_AT), ranges };
  };

  const whole = await find('g1', 1_000);
  const sliced = await find('g2', 6);

  expect(whole.counts).toMatchObject({ streamed: 120, missing: 120 - 3 * logged.length });
  expect(sliced.counts).toEqual(whole.counts);
  expect(sliced.ranges.map(({ records }) => records).reduce((sum, count) => sum + count)).toBe(whole.counts.missing);
  const spanned = (ranges: readonly GapRange[]) =>
    ranges.flatMap(({ shardId, from, to }) =>
      numbers.filter((number) => number >= from && number <= to).map((number) => `${shardId} ${number}`),
    );
  expect(spanned(sliced.ranges)).toEqual(spanned(whole.ranges));
});
