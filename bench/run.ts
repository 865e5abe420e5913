import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { backfillBench } from './backfill.ts';
import { coldStart } from './cold-start.ts';
import { handlerBench } from './handler.ts';
import { recordPath } from './record-path.ts';
import { replayBench } from './replay.ts';
import { type Figures, ratiosOf, sectionOf } from './report.ts';
import { tailBench } from './tail.ts';

const RESULTS = join(import.meta.dirname, 'results.md');

const { write, sizes } = new Command('npm run bench --')
  .description('Measures Tailrace against what one would do otherwise. The last line is one JSON object of ratios.')
  .option('--sizes <list>', 'items of the tables to backfill', '10000,100000,200000')
  .option('--write', 'put the results, with today as their date, on top of bench/results.md')
  .parse()
  .opts();

const figures: Figures = {
  records: recordPath(),
  handler: await handlerBench(),
  cold: await coldStart(),
  replay: await replayBench(),
  tail: await tailBench(),
  tables: await backfillBench(sizes.split(',').map(Number)),
};

const section = sectionOf(figures);
process.stdout.write(`${section}\n`);
if (write) {
  const [title = '', ...older] = (await readFile(RESULTS, 'utf8')).split(/^(?=## )/m);
  await writeFile(RESULTS, `${title}${section}\n${older.join('')}`);
}
process.stdout.write(`${JSON.stringify(ratiosOf(figures))}\n`);
