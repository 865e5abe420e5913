import { expect, test } from 'vitest';
import type { Clock } from '../../../../src/clock.ts';
import { DuckDbDestination } from '../../../../src/destination/duckdb/duckdb-destination.ts';
import { systemRandom } from '../../../../src/random.ts';
import { fixedClock } from '../../../support/clock/simple-clocks.ts';
import { startDuckDbWorker } from '../../../support/duckdb/start-worker.ts';
import { type TemporaryDatabase, temporaryDatabase } from '../../../support/duckdb/temporary-database.ts';
import { CHANGED_AT, changeRow } from '../../../support/values/rows.ts';
import { SHOP, sourceTable } from '../../../support/values/shop.ts';
import { kind } from '../../../support/vitest/kind.ts';

const NOW = Date.parse('2026-03-04T05:06:07.089Z');
const HOUR = 3_600_000;
const CHANGELOG = 'my_app_shop_changelog';

function open(place: TemporaryDatabase, clock: Pick<Clock, 'now'>): DuckDbDestination {
  // Closing an idle file may wait; nothing else does.
  const waiting: Clock = { ...clock, sleep: (_, signal) => fixedClock(0).sleep(0, signal ?? AbortSignal.abort()) };
  return new DuckDbDestination(place.file, { clock: waiting, random: systemRandom });
}

/** The stamps of a changelog in the order of its rows, in microseconds since the epoch. */
async function stamps(destination: DuckDbDestination, changelog = CHANGELOG): Promise<readonly number[]> {
  const { rows } = await destination.query(`SELECT epoch_us(ingested_at) FROM ${changelog} ORDER BY rowid`);
  return rows.map(([stamp]) => Number(stamp));
}

test('every append has a later stamp, though clocks stand still and jump back, and one stamp for all its rows', async () => {
  await using place = await temporaryDatabase();
  const times = [NOW, NOW, NOW - HOUR, NOW + 5];
  for (const now of times) {
    // Each is another process to the file, with a clock of its own.
    await using destination = open(place, { now: () => now });
    await destination.prepare(SHOP, 1);
    await destination.append(SHOP, [changeRow('a'), changeRow('b')]);
  }

  await using destination = open(place, { now: () => NOW });
  // The changelog's birth was the clock's first tick.
  const us = NOW * 1000;
  expect(await stamps(destination)).toEqual([us + 1, us + 1, us + 2, us + 2, us + 3, us + 3, us + 5000, us + 5000]);
});

test('a changelog is born by the clock of its file: after all rows of an earlier one, and before its own', async () => {
  await using place = await temporaryDatabase();
  {
    await using ahead = open(place, { now: () => NOW + HOUR });
    await ahead.prepare(SHOP, 1);
    await ahead.append(SHOP, [changeRow('a')]);
    await ahead.execute(`DROP TABLE ${CHANGELOG} CASCADE`);
  }
  await using destination = open(place, { now: () => NOW });
  await destination.prepare(SHOP, 1);
  await destination.append(SHOP, [changeRow('b')]);

  const born = (await destination.known(SHOP.name))?.changelog.keptSince ?? 0;
  expect(born).toBe(NOW + HOUR);
  expect(await stamps(destination)).toEqual([(NOW + HOUR) * 1000 + 3]);
});

test('two processes that write at once stamp no two appends alike, and each later than the one before', async () => {
  await using place = await temporaryDatabase();
  const workers = [1, 2].map(() => startDuckDbWorker('write', place.file));
  await Promise.all(workers.map((worker) => worker.printed(20)));
  await Promise.all(workers.map((worker) => worker.kill()));

  await using destination = open(place, { now: () => NOW });
  const given = await stamps(destination);

  expect(given.length).toBeGreaterThanOrEqual(40);
  expect(given).toEqual([...new Set(given)].sort((a, b) => a - b));
});

test('rows that are not stored take no time: the clock stands where it was', async () => {
  await using place = await temporaryDatabase();
  await using destination = open(place, { now: () => NOW });
  await destination.prepare(SHOP, 1);
  await destination.append(SHOP, [changeRow('a')]);
  const refused = destination.append(sourceTable('absent'), [changeRow('a')]);
  await expect(refused).rejects.toMatchObject(kind('destination-missing'));

  await destination.append(SHOP, [changeRow('b')]);

  expect(await stamps(destination)).toEqual([NOW * 1000 + 1, NOW * 1000 + 2]);
});

test('a clock whose row was deleted by hand is named, and setup sets it behind all rows', async () => {
  await using place = await temporaryDatabase();
  await using destination = open(place, { now: () => NOW });
  await destination.prepare(SHOP, 1);
  await destination.prepare(sourceTable('other'), 1);
  await destination.append(sourceTable('other'), [changeRow('a')]);
  await destination.execute('DELETE FROM tailrace_clock');

  await expect(destination.append(SHOP, [changeRow('a')])).rejects.toMatchObject({
    ...kind('destination-conflict'),
    message: "The file's clock, tailrace_clock, has no row: was it deleted by hand?",
    remedy: 'Run `tailrace setup TABLE`, which sets the clock behind all rows.',
  });
  expect(await stamps(destination)).toEqual([]);

  await using later = open(place, { now: () => NOW - HOUR });
  await later.prepare(SHOP, 1);
  await later.append(SHOP, [changeRow('a')]);
  expect(await stamps(later)).toEqual([NOW * 1000 + 1001]);
});

test('a clock that was dropped is named, and setup makes it again', async () => {
  await using place = await temporaryDatabase();
  await using destination = open(place, { now: () => NOW });
  await destination.prepare(SHOP, 1);
  await destination.append(SHOP, [changeRow('a')]);
  await destination.execute('DROP TABLE tailrace_clock');

  const appended = destination.append(SHOP, [changeRow('b')]);
  await expect(appended).rejects.toMatchObject(kind('destination-missing'));
  await expect(appended).rejects.toThrow(/^tailrace_clock is not in /);
  await destination.prepare(SHOP, 1);
  await destination.append(SHOP, [changeRow('b')]);

  expect(await stamps(destination)).toEqual([NOW * 1000 + 1, NOW * 1000 + 1001]);
});

test('a table of that name that is not the clock is refused, and left alone', async () => {
  await using place = await temporaryDatabase();
  await place.createForeignTable('tailrace_clock');
  await using destination = open(place, { now: () => NOW });

  await expect(destination.prepare(SHOP, 1)).rejects.toMatchObject(kind('destination-conflict'));
  expect((await destination.query('SELECT * FROM tailrace_clock')).columns).toEqual(['x']);
});

test('the clock is no table’s own: none of them lists it, and it outlives them', async () => {
  await using place = await temporaryDatabase();
  await using destination = open(place, { now: () => NOW });
  const { created } = await destination.prepare(SHOP, 1);
  expect(created).not.toContain('tailrace_clock');
  await destination.append(SHOP, [changeRow('a')]);

  const { objects, left } = await destination.ownedObjects(SHOP.name);
  expect([...objects.map(({ name }) => name), ...left]).not.toContain('tailrace_clock');
  for (const object of objects) await destination.dropObject(SHOP.name, object);
  await destination.prepare(SHOP, 1);
  await destination.append(SHOP, [changeRow('a')]);

  expect(await stamps(destination)).toEqual([NOW * 1000 + 3]);
});

test('a search for gaps finds the rows of a file whose clock was a day behind', async () => {
  await using place = await temporaryDatabase();
  const row = changeRow('a', { sequenceNumber: '100' });
  {
    await using behind = open(place, { now: () => CHANGED_AT - 24 * HOUR });
    await behind.prepare(SHOP, 1);
    await behind.append(SHOP, [row]);
  }
  await using destination = open(place, { now: () => CHANGED_AT + HOUR });
  await using search = await destination.findGaps(SHOP, 'g1');
  const { key, position, changedAt } = row;
  await search.add([{ shardId: 'shard-1', key, position, sequenceNumber: '100', changedAt, parked: 0 }]);

  expect(await search.counts(CHANGED_AT + 1_000)).toMatchObject({ streamed: 1, missing: 0 });
});
