import { expect, test } from 'vitest';
import { DuckDbDestination } from '../../../../src/destination/duckdb/duckdb-destination.ts';
import { hurriedClock } from '../../../support/clock/simple-clocks.ts';
import { startDuckDbWorker } from '../../../support/duckdb/start-worker.ts';
import { temporaryDatabase } from '../../../support/duckdb/temporary-database.ts';
import { open, setStage } from '../../../support/stages/contract-stage.ts';
import { keyOf } from '../../../support/values/rows.ts';
import { SHOP } from '../../../support/values/shop.ts';
import { kind } from '../../../support/vitest/kind.ts';

test('a process that writes without a pause and one that queries both get on', async () => {
  await using place = await temporaryDatabase();
  const worker = startDuckDbWorker('write', place.file);
  await worker.printed(1);
  await using destination = await place.open();

  const counts: number[] = [];
  const waits: number[] = [];
  for (let n = 0; n < 3; n++) {
    const before = performance.now();
    counts.push(await destination.countLatest(SHOP));
    waits.push(performance.now() - before);
    const written = worker.words.length;
    await worker.printed(written + 5);
  }

  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  expect(new Set(counts).size).toBe(counts.length);
  // A turn comes at least once a second; the rest is for a busy machine.
  expect(Math.max(...waits)).toBeLessThan(4_000);
});

test('several processes can prepare one new file at once', async () => {
  await using place = await temporaryDatabase();
  const workers = [1, 2, 3].map(() => startDuckDbWorker('write', place.file));

  await Promise.all(workers.map((worker) => worker.printed(3)));
  await Promise.all(workers.map((worker) => worker.kill()));

  await using destination = await place.open();
  expect(await destination.sources()).toEqual([SHOP]);
  expect((await destination.changelogStatus(SHOP, null)).rows).toBeGreaterThanOrEqual(9);
});

test('a process killed in the middle of its writes leaves all acknowledged rows, and a usable file', async () => {
  for (const after of [1, 7, 40]) {
    await using place = await temporaryDatabase();
    const worker = startDuckDbWorker('write', place.file);
    await worker.printed(after);
    await worker.kill();

    await using destination = await place.open();
    const known = worker.words.map((n) => keyOf(`item ${n}`));

    expect([...(await destination.lookup(SHOP, known)).keys()].sort()).toEqual([...known].sort());
    // One more may have been written whose answer was cut off.
    expect([0, 1]).toContain((await destination.countLatest(SHOP)) - known.length);
  }
});

test('a file that another process has open is busy, after some waiting, and the error names the process', async () => {
  const { place } = await setStage(temporaryDatabase);
  const busy = await temporaryDatabase();
  const worker = startDuckDbWorker('hold', busy.file);
  await worker.printed(1);
  const clock = hurriedClock(0);
  await using destination = new DuckDbDestination(busy.file, { clock, random: { next: () => 0.5, hex: () => 'a' } });

  const attempt = destination.sources();

  await expect(attempt).rejects.toMatchObject(kind('destination-busy'));
  await expect(attempt).rejects.toThrow(`PID ${worker.pid}`);
  expect(clock.now()).toBeGreaterThanOrEqual(5_000);
  expect(clock.now()).toBeLessThan(6_000);

  await worker.kill();
  await expect(destination.sources()).resolves.toEqual([]);
  expect(await (await open(place)).sources()).toEqual([SHOP]);
  await busy[Symbol.asyncDispose]();
});
