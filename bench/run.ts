import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import { backfillPart } from './backfill.ts';
import { coldStartPart } from './cold-start.ts';
import { dashboardsPart } from './dashboards.ts';
import { exportPart } from './export.ts';
import { handlerPart } from './handler.ts';
import { inferPart } from './infer.ts';
import type { Findings, Part } from './part.ts';
import { recordPathPart } from './record-path.ts';
import { replayPart } from './replay.ts';
import { tailPart } from './tail.ts';

const PARTS: Readonly<Record<string, Part>> = {
  'record-path': recordPathPart,
  handler: handlerPart,
  'cold-start': coldStartPart,
  replay: replayPart,
  tail: tailPart,
  backfill: backfillPart,
  dashboards: dashboardsPart,
  export: exportPart,
  infer: inferPart,
};

const RESULTS = join(import.meta.dirname, 'results.md');

const { write, sizes, only } = new Command('npm run bench --')
  .description('Measures Tailrace against what one would do otherwise. The last line is one JSON object of ratios.')
  .option(
    '--sizes <list>',
    'items of the tables to backfill, and at most of those of dashboards',
    '10000,100000,1000000',
  )
  .addOption(new Option('--only <part...>', 'measure these parts alone').choices(Object.keys(PARTS)))
  .option('--write', 'put the results, with today as their date, on top of bench/results.md')
  .parse()
  .opts();

const found: Findings[] = [];
for (const [name, part] of Object.entries(PARTS)) {
  if (only !== undefined && !only.includes(name)) continue;
  const began = performance.now();
  found.push(await part({ sizes: sizes.split(',').map(Number) }));
  process.stderr.write(`${name}: measured in ${Math.round((performance.now() - began) / 1_000)} s\n`);
}

const section = [heading(), ...found.flatMap(({ paragraphs }) => paragraphs)].join('\n\n');
process.stdout.write(`${section}\n\n`);
if (write) {
  const [title = '', ...older] = (await readFile(RESULTS, 'utf8')).split(/^(?=## )/m);
  await writeFile(RESULTS, `${title}${section}\n\n${older.join('')}`);
}
process.stdout.write(`${JSON.stringify(Object.assign({}, ...found.map(({ ratios }) => ratios)))}\n`);

function heading(): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const [cpu] = cpus();
  const command = ['npm run bench', ...(only ? ['--', '--only', ...only] : [])].join(' ');
  return [
    `## ${new Date().toISOString().slice(0, 10)}`,
    `Commit ${commit}, Node ${process.versions.node}, ${cpus().length} × ${cpu?.model ?? 'unknown CPU'}, \`${command}\`.`,
  ].join('\n\n');
}
