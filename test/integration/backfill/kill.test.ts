import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as timeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startDynoxide } from '../../support/dynoxide.ts';
import { fillTable, keepWriting } from '../../support/table-writer.ts';
import { createWorkplace, lastObject } from '../../support/tailrace-process.ts';

const ITEMS = 3_000;
/** Large enough that each segment takes several pages and chunks. */
const PADDING = 8_000;

test('killed again and again while the table is written to, a backfill goes on, and what is published is the table', async () => {
  const server = await startDynoxide();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const place = await createWorkplace();
  onTestFinished(() => place[Symbol.asyncDispose]());
  const { name } = await server.createTable();
  await fillTable(server.client, name, ITEMS, PADDING);
  const where = ['--endpoint-url', server.endpointUrl, '--destination', 'duckdb:shop.duckdb'];
  const backfill = ['backfill', name, '--segments', '2', ...where];
  const checkpoint = join(place.directory, '.tailrace', name, 'backfill.json');
  const writing = keepWriting(server.client, name, ITEMS);

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
  await writing.stop();
  const replay = await place.tailrace(['replay', name, '--stream', ...where]);
  const verify = await place.tailrace(['verify', name, '--max-lag', '1', ...where, '--json']);

  expect(kept).toContain(true);
  expect(done.code, done.stderr).toBe(0);
  expect(lastObject(done)).toMatchObject({ published: true, resumed: kept.every(Boolean) });
  expect(replay.code, replay.stderr).toBe(0);
  expect(verify.code, `${verify.stdout}${verify.stderr}`).toBe(0);
  expect(existsSync(checkpoint)).toBe(false);
}, 60_000);
