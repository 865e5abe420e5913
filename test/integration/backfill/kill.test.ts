import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as timeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { lastObject } from '../../support/tailrace-process.ts';
import { writtenTable } from '../../support/written-table.ts';

const ITEMS = 3_000;
/** Large enough that each segment takes several pages and chunks. */
const PADDING = 8_000;

test('killed again and again while the table is written to, a backfill goes on, and what is published is the table', async () => {
  const { place, name, backfill, expectAgreement } = await writtenTable(ITEMS, PADDING, ITEMS);
  const checkpoint = join(place.directory, '.tailrace', name, 'backfill.json');

  const kept: boolean[] = [];
  for (const wait of [0, 100, 250, 400]) {
    const running = place.start(backfill);
    while (!existsSync(checkpoint)) await timeout(5);
    await timeout(wait);
    const { code } = await running.stop('SIGKILL');
    kept.push(code === null);
    if (code !== null) break;
  }
  const done = await place.tailrace([...backfill, '--json']);

  expect(kept).toContain(true);
  expect(done.code, done.stderr).toBe(0);
  expect(lastObject(done)).toMatchObject({ published: true, resumed: kept.every(Boolean) });
  await expectAgreement();
  expect(existsSync(checkpoint)).toBe(false);
}, 60_000);
