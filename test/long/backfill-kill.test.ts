import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as timeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createWorkplace, lastObject } from '../support/process/tailrace-process.ts';
import { writtenTable } from '../support/stages/written-table.ts';
import { startDynoxide } from '../support/stream/dynoxide.ts';
import { fillTable } from '../support/stream/table-writer.ts';

const ITEMS = 3_000;
/** Large enough that each segment takes several pages and chunks. */
const PADDING = 8_000;

test('killed again and again while the table is written to, a backfill resumes, and what is published is the table', async () => {
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
});

test.each([['backfill'], ['verify --repair']])(
  'what a killed %s has read lies below the state directory, for its owner alone, and goes with the next run',
  async (command) => {
    await using server = await startDynoxide();
    await using place = await createWorkplace({ inProcess: true });
    const { name } = await server.createTable();
    await fillTable(server.client, name, 150, 100_000);
    const where = ['--endpoint-url', server.endpointUrl, '--destination', 'duckdb:shop.duckdb'];
    expect(await place.tailrace(['backfill', name, ...where])).toMatchObject({ code: 0 });
    const rows = join(place.directory, '.tailrace', name, 'backfill-rows');
    const env = { TMPDIR: join(place.directory, 'temporary') };
    await mkdir(env.TMPDIR);
    const [verb = '', ...options] = command.split(' ');
    const args = [verb, name, ...options, '--segments', '1', ...where];

    const running = place.start(args, { env });
    while (!existsSync(join(rows, '0'))) await timeout(2);
    expect(await running.stop('SIGKILL')).toMatchObject({ code: null });

    expect(readdirSync(env.TMPDIR)).toEqual([]);
    expect([rows, join(rows, '0')].map((path) => statSync(path).mode & 0o077)).toEqual([0, 0]);
    expect(await place.tailrace(args, { env })).toMatchObject({ code: 0 });
    expect(existsSync(rows)).toBe(false);
    expect(readdirSync(env.TMPDIR)).toEqual([]);
  },
);
