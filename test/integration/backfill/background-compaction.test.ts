import { expect, test } from 'vitest';
import { BackgroundCompaction } from '../../../backfill/background-compaction.ts';
import { systemClock } from '../../../src/clock.ts';
import { systemRandom } from '../../../src/random.ts';
import { temporaryDatabase } from '../../support/duckdb/temporary-database.ts';
import { RecordingLog } from '../../support/memory/recording-log.ts';
import { setStage } from '../../support/stages/contract-stage.ts';
import { changeRow, keyOf } from '../../support/values/rows.ts';
import { SHOP } from '../../support/values/shop.ts';

test('a DuckDB file is compacted twice while rows are appended, and shows every change', async () => {
  const { destination, items } = await setStage(temporaryDatabase);
  const log = new RecordingLog();
  const replaced: (string | null)[] = [];
  const compaction = new BackgroundCompaction({
    ...{ table: SHOP, destination, clock: systemClock, random: systemRandom, log, actor: 'somebody', horizonMs: null },
    onCompacted: (result) => replaced.push(result.replaced),
  });
  const appender = compaction.behind(destination);
  const expected: Record<string, unknown> = {};
  let n = 0;
  const append = async (rows: number) => {
    const batch = Array.from({ length: rows }, () => {
      n++;
      const id = `item ${n % 100}`;
      const operation = n % 7 === 0 ? 'REMOVE' : 'MODIFY';
      if (operation === 'REMOVE') delete expected[keyOf(id)];
      else expected[keyOf(id)] = { id, n: String(n) };
      return changeRow(id, { operation, sequenceNumber: String(n) });
    });
    await appender.append(SHOP, batch);
  };

  while (replaced.length < 2) await append(n < 9_000 ? 3_000 : 500);
  await compaction[Symbol.asyncDispose]();

  expect(await items()).toEqual(expected);
  expect(replaced[0]).toBeNull();
  const { snapshotId } = (await destination.published(SHOP)) ?? {};
  expect(snapshotId).not.toBe(replaced[1]);
  const events = await destination.ledger(SHOP);
  expect(events.filter(({ event }) => event === 'dropped').map((event) => event.snapshotId)).toEqual([replaced[1]]);
  expect(await destination.snapshotBytes(SHOP, replaced[1] ?? '')).toBeNull();
  expect(log.lines).toEqual([]);
});
