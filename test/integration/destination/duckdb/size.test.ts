import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { LedgerEvent } from '../../../../src/snapshot/ledger.ts';
import { temporaryDatabase } from '../../../support/duckdb/temporary-database.ts';
import { changeRow } from '../../../support/values/rows.ts';
import { SHOP, snapshotId } from '../../../support/values/shop.ts';
import { factsOf } from '../../../support/values/snapshot-facts.ts';

/** The least size of a table in a file: a block for each row group, and one for a rewrite. */
const FEW_BLOCKS_BYTES = 6 * 256 * 1024;

function event(nth: number): LedgerEvent {
  return {
    ...factsOf({ snapshotId: snapshotId(nth % 10), startedAt: nth, floor: nth, itemCount: nth }),
    at: Date.parse('2026-03-04T05:06:07Z') + nth,
    event: 'dropped',
    actor: 'somebody',
  };
}

test('the ledger grows by its events, not by how often the file was opened for one', async () => {
  await using place = await temporaryDatabase();
  const sizes: number[] = [];
  {
    await using destination = await place.open();
    await destination.prepare(SHOP, 1);
  }
  for (let nth = 0; nth < 40; nth++) {
    await using destination = await place.open();
    await destination.record(event(nth));
    await destination[Symbol.asyncDispose]();
    sizes.push(statSync(place.file).size);
  }

  expect(Math.max(...sizes)).toBeLessThan((sizes[0] ?? 0) + FEW_BLOCKS_BYTES);
  await using destination = await place.open();
  expect(await destination.ledger(SHOP)).toEqual(Array.from({ length: 40 }, (_, nth) => event(nth)));
  expect(await destination.prepare(SHOP, 1)).toEqual({ created: [] });
});

test('the changelog grows by its rows, not by how often the file was opened for one', async () => {
  await using place = await temporaryDatabase();
  const sizes: number[] = [];
  {
    await using destination = await place.open();
    await destination.prepare(SHOP, 1);
  }
  for (let nth = 0; nth < 40; nth++) {
    await using destination = await place.open();
    await destination.append(SHOP, [changeRow(`item ${nth}`)]);
    await destination[Symbol.asyncDispose]();
    sizes.push(statSync(place.file).size);
  }

  expect(Math.max(...sizes)).toBeLessThan((sizes[0] ?? 0) + FEW_BLOCKS_BYTES);
  await using destination = await place.open();
  expect(await destination.countLatest(SHOP)).toBe(40);
});
