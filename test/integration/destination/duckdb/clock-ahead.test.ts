import { expect, test } from 'vitest';
import { systemClock } from '../../../../src/clock.ts';
import { temporaryDatabase } from '../../../support/duckdb/temporary-database.ts';
import { compact } from '../../../support/stages/made-snapshots.ts';
import { CHANGED_AT, changeRow, keyOf } from '../../../support/values/rows.ts';
import { SHOP } from '../../../support/values/shop.ts';

const DAY = 24 * 60 * 60_000;

test('a compaction on a machine whose clock is a year ahead leaves out no change that comes later', async () => {
  await using place = await temporaryDatabase();
  await using destination = await place.open();
  await destination.prepare(SHOP, 1);
  const change = (id: string, minutes: number) =>
    changeRow(id, { changedAt: CHANGED_AT + minutes * 60_000, sequenceNumber: String(100 + minutes) });
  await destination.append(SHOP, [change('first', 0)]);
  const ahead = { now: () => CHANGED_AT + 365 * DAY, horizonMs: DAY };

  await compact(destination, ahead);
  await destination.append(SHOP, [change('second', 1)]);
  await compact(destination, ahead);
  await compact(destination, ahead);
  await destination.append(SHOP, [change('third', 2)]);

  const { rows } = await destination.query('SELECT key FROM my_app_shop_latest ORDER BY key');
  expect(rows.flat()).toEqual([keyOf('first'), keyOf('second'), keyOf('third')].sort());
});

test("a compaction takes in rows that are stamped later than the file's clock, which was set back by hand", async () => {
  await using place = await temporaryDatabase();
  const clockAt = (now: number) => ({ ...systemClock, now: () => now });
  {
    await using prepared = await place.open(clockAt(CHANGED_AT));
    await prepared.prepare(SHOP, 1);
  }
  {
    await using destination = await place.open(clockAt(CHANGED_AT + 365 * DAY));
    await destination.append(SHOP, [changeRow('old', { changedAt: CHANGED_AT - 2 * DAY }), changeRow('new')]);
  }
  await place.run(`UPDATE tailrace_clock SET "last" = TIMESTAMP '2020-01-01'`);
  await using destination = await place.open(clockAt(CHANGED_AT));

  await compact(destination, { now: () => CHANGED_AT, horizonMs: DAY });

  const { rows } = await destination.query('SELECT key FROM my_app_shop_latest ORDER BY key');
  expect(rows.flat()).toEqual([keyOf('new'), keyOf('old')]);
});
