import { setTimeout as sleep } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { openDestination } from '../../../src/destinations.ts';
import { changeRow } from '../values/rows.ts';
import { SHOP } from '../values/shop.ts';

/**
 * Another process, for tests: `hold FILE` opens the file and stays, `write FILE` appends a row at a time without a pause.
 * Both run until they are killed, and print their progress, a word a line: `held`, or the row's number.
 */
const [, , task, file = ''] = process.argv;
if (task === 'hold') {
  const instance = await DuckDBInstance.create(file);
  process.stdout.write('held\n');
  // Longer than any test: the test kills it.
  await sleep(600_000);
  instance.closeSync();
} else {
  const destination = await openDestination(`duckdb:${file}`);
  await destination.prepare(SHOP, 1);
  for (let n = 1; ; n++) {
    await destination.append(SHOP, [changeRow(`item ${n}`, { sequenceNumber: String(n) })]);
    process.stdout.write(`${n}\n`);
  }
}
