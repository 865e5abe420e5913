import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { type BackfillBench, backfillBench } from './backfill.ts';
import { type ColdStart, coldStart } from './cold-start.ts';
import { type RecordPath, recordPath } from './record-path.ts';

const RESULTS = join(import.meta.dirname, 'results.md');

const { write, sizes } = new Command('npm run bench --')
  .description('Measures Tailrace against what one would do otherwise. The last line is one JSON object of ratios.')
  .option('--sizes <list>', 'items of the tables to backfill', '10000,200000')
  .option('--write', 'put the results, with today as their date, on top of bench/results.md')
  .parse()
  .opts();

const paths = recordPath();
const start = await coldStart();
const backfills = await backfillBench(sizes.split(',').map(Number));

const section = sectionOf(paths, start, backfills);
process.stdout.write(`${section}\n`);
if (write) {
  const [title = '', ...older] = (await readFile(RESULTS, 'utf8')).split(/^(?=## )/m);
  await writeFile(RESULTS, `${title}${section}\n${older.join('')}`);
}
process.stdout.write(`${JSON.stringify(ratiosOf(paths, start, backfills))}\n`);

function ratiosOf(records: readonly RecordPath[], cold: ColdStart, tables: readonly BackfillBench[]) {
  return {
    record_path: records.map(({ recordBytes, oursUs, sdkUs, floorUs, digestUs }) => ({
      record_bytes: recordBytes,
      faster_than_sdk: ratio(sdkUs, oursUs),
      times_the_floor: ratio(oursUs, floorUs),
      share_of_digest: ratio(digestUs, oursUs),
    })),
    bundle_bytes: cold.bundleBytes,
    cold_start: ratio(cold.oursMs, cold.helloMs),
    backfill: tables.map(({ items, ours, bare }) => ({
      items,
      time: ratio(ours.wallMs, bare.wallMs),
      cpu: ratio(ours.cpuMs, bare.cpuMs),
      peak_memory: ratio(ours.peakMb, bare.peakMb),
    })),
  };
}

function sectionOf(records: readonly RecordPath[], cold: ColdStart, tables: readonly BackfillBench[]): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const [cpu] = cpus();
  return [
    `## ${new Date().toISOString().slice(0, 10)}`,
    '',
    `Commit ${commit}, Node ${process.versions.node}, ${cpus().length} × ${cpu?.model ?? 'unknown CPU'}, \`npm run bench\`.`,
    '',
    'CPU of a record, from parsed Lambda event to request body, µs:',
    '',
    '| bytes a record | Tailrace | of it the digest | `unmarshall` + `JSON.stringify` | floor: `JSON.stringify(event)` |',
    '|---:|---:|---:|---:|---:|',
    ...records.map(({ recordBytes, oursUs, digestUs, sdkUs, floorUs }) =>
      row(recordBytes, fixed(oursUs), fixed(digestUs), fixed(sdkUs), fixed(floorUs)),
    ),
    '',
    `Bundle of the handler: ${Math.round(cold.bundleBytes / 1000)} KB. Process start to handler: ${fixed(cold.oursMs)} ms, ` +
      `a hello-world with the same client ${fixed(cold.helloMs)} ms.`,
    '',
    'Backfill into DuckDB, 4 segments, against a bare scan by the SDK that throws the items away:',
    '',
    '| items | time, s | bare | CPU, s | bare | peak memory, MB | bare |',
    '|---:|---:|---:|---:|---:|---:|---:|',
    ...tables.map(({ items, ours, bare }) =>
      row(
        items,
        fixed(ours.wallMs / 1000),
        fixed(bare.wallMs / 1000),
        fixed(ours.cpuMs / 1000),
        fixed(bare.cpuMs / 1000),
        Math.round(ours.peakMb),
        Math.round(bare.peakMb),
      ),
    ),
    '',
  ].join('\n');
}

function row(...cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function ratio(a: number, b: number): number {
  return Number((a / b).toFixed(2));
}
