import { expect, test } from 'vitest';
import { DATASET, startScriptedBigQuery } from '../../../support/bigquery/scripted-bigquery.ts';
import { hurriedClock } from '../../../support/clock/simple-clocks.ts';
import { keyFile } from '../../../support/values/row-file.ts';
import { SHOP } from '../../../support/values/shop.ts';

const ROOT = `datasets/${DATASET.dataset}`;
const PATCH = `PATCH ${ROOT}/tables/tailrace_compare_slow`;
const HOUR_MS = 60 * 60 * 1_000;

test('the table of a comparison that runs for days expires a day after it was last used', async () => {
  await using server = await startScriptedBigQuery({
    [`GET ${ROOT}`]: { json: { location: 'EU' } },
    [`GET ${ROOT}/tables/tailrace_compare_slow`]: { status: 404, json: {} },
    [`POST ${ROOT}/tables`]: { json: {} },
    'POST jobs': { json: { status: { state: 'DONE' } } },
    [PATCH]: { json: {} },
    [`DELETE ${ROOT}/tables/tailrace_compare_slow`]: { json: {} },
  });
  const clock = hurriedClock();
  const beganAt = clock.now();
  const expiries = (hours: readonly number[]) =>
    hours.map((hour) => ({ expirationTime: String(beganAt + hour * HOUR_MS) }));
  await using comparison = await server.destination({ clock }).compare(SHOP, 'slow');
  const add = () => comparison.add(keyFile([{ key: '["a"]', digest: 'a' }]));
  expect(server.bodies(`POST ${ROOT}/tables`)).toMatchObject(expiries([24]));

  await add();
  expect(server.bodies(PATCH)).toEqual([]);
  await clock.sleep(20 * HOUR_MS);
  await Promise.all([add(), add()]);
  await clock.sleep(20 * HOUR_MS);
  await add();

  expect(server.bodies(PATCH)).toEqual(expiries([44, 64]));
});
