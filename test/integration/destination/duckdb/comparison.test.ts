import { expect, onTestFinished, test } from 'vitest';
import { DuckDbDestination } from '../../../../src/destination/duckdb/duckdb-destination.ts';
import { temporaryDatabase } from '../../../support/duckdb/temporary-database.ts';
import { keyFile } from '../../../support/values/row-file.ts';
import { seededRandom } from '../../../support/values/seeded-random.ts';
import { SHOP } from '../../../support/values/shop.ts';

const HOUR_MS = 60 * 60 * 1_000;

/** A destination whose clock the test sets; pauses of its own take no time. */
async function stage() {
  const place = await temporaryDatabase();
  onTestFinished(() => place[Symbol.asyncDispose]());
  let now = Date.UTC(2026, 0, 2);
  const clock = { now: () => now, sleep: () => new Promise<void>((resolve) => setImmediate(resolve)) };
  const destination = new DuckDbDestination(place.file, { clock, random: seededRandom(1) });
  onTestFinished(() => destination[Symbol.asyncDispose]());
  await destination.prepare(SHOP, 1);
  const tables = async () => {
    const { rows } = await destination.query("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE '%compar%'");
    return rows;
  };
  const pass = (hours: number) => {
    now += hours * HOUR_MS;
  };
  return { destination, tables, pass };
}

const row = (id: number) => keyFile([{ key: `["${id}"]`, digest: `${id}` }]);

test('a comparison that runs for days is not taken for an orphan', async () => {
  const { destination, pass } = await stage();
  await using slow = await destination.compare(SHOP, 'slow');
  for (let day = 0; day < 3; day++) {
    await slow.add(row(day));
    pass(20);
    await using _other = await destination.compare(SHOP, `other${day}`);
  }

  expect(await slow.counts('both')).toEqual({ source: 3, latest: 0, differing: 3 });
});

test('an orphan is dropped by the next comparison, a day after the last use', async () => {
  const { destination, tables, pass } = await stage();
  await destination.compare(SHOP, 'killed');
  pass(23);
  {
    await using _other = await destination.compare(SHOP, 'other');
    expect(await tables()).toHaveLength(2);
  }
  pass(2);
  await using _another = await destination.compare(SHOP, 'another');

  expect(await tables()).toHaveLength(1);
});
