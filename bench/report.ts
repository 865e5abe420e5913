import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import type { BackfillBench } from './backfill.ts';
import type { ColdStart } from './cold-start.ts';
import type { HandlerBench } from './handler.ts';
import type { RecordPath } from './record-path.ts';
import type { ReplayBench } from './replay.ts';
import type { Freshness } from './tail.ts';

/** All that one run measured. */
export type Figures = {
  readonly records: readonly RecordPath[];
  readonly handler: HandlerBench;
  readonly cold: ColdStart;
  readonly replay: ReplayBench;
  readonly tail: Freshness;
  readonly tables: readonly BackfillBench[];
};

/** The ratios, for a script: what one run's figures say of each other. */
export function ratiosOf({ records, handler, cold, replay, tail, tables }: Figures) {
  return {
    record_path: records.map(({ recordBytes, oursUs, sdkUs, floorUs, digestUs }) => ({
      record_bytes: recordBytes,
      faster_than_sdk: ratio(sdkUs, oursUs),
      times_the_floor: ratio(oursUs, floorUs),
      share_of_digest: ratio(digestUs, oursUs),
    })),
    handler: handler.throughput.map(({ recordBytes, recordsPerSecond, floorPerSecond }) => ({
      record_bytes: recordBytes,
      records_per_second: Math.round(recordsPerSecond),
      times_the_floor: ratio(floorPerSecond, recordsPerSecond),
    })),
    bundle_bytes: cold.bundleBytes,
    cold_start: ratio(cold.oursMs, cold.helloMs),
    replay: { time: ratio(replay.ours.wallMs, replay.bare.wallMs), cpu: ratio(replay.ours.cpuMs, replay.bare.cpuMs) },
    tail: {
      changes_per_second: Math.round(tail.perSecond),
      freshness_p50_ms: Math.round(tail.p50Ms),
      freshness_p99_ms: Math.round(tail.p99Ms),
      freshness_max_ms: Math.round(tail.maxMs),
    },
    backfill: tables.map(({ items, ours, bare, pandas, csv }) => ({
      items,
      time: ratio(ours.wallMs, bare.wallMs),
      cpu: ratio(ours.cpuMs, bare.cpuMs),
      peak_memory: ratio(ours.peakMb, bare.peakMb),
      faster_than_pandas: pandas && ratio(pandas.wallMs, ours.wallMs),
      faster_than_csv: csv && ratio(csv.wallMs, ours.wallMs),
    })),
  };
}

/** The figures as a dated section of bench/results.md. */
export function sectionOf({ records, handler, cold, replay, tail, tables }: Figures): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const [cpu] = cpus();
  const { peak } = handler;
  return [
    `## ${new Date().toISOString().slice(0, 10)}`,
    '',
    `Commit ${commit}, Node ${process.versions.node}, ${cpus().length} × ${cpu?.model ?? 'unknown CPU'}, \`npm run bench\`.`,
    '',
    'CPU of a record, from parsed Lambda event to request body, µs:',
    '',
    table(
      ['bytes a record', 'Tailrace', 'of it the digest', '`unmarshall` + `JSON.stringify`', '`JSON.stringify(event)`'],
      records.map(({ recordBytes, oursUs, digestUs, sdkUs, floorUs }) => [
        String(recordBytes),
        ...[oursUs, digestUs, sdkUs, floorUs].map(fixed),
      ]),
    ),
    '',
    'Handler, from parsed event to answer, with a BigQuery that acknowledges at once, records a second of one core:',
    '',
    table(
      ['bytes a record', 'Tailrace', '`JSON.stringify(event)`'],
      handler.throughput.map(({ recordBytes, recordsPerSecond, floorPerSecond }) =>
        [recordBytes, recordsPerSecond, floorPerSecond].map(whole),
      ),
    ),
    '',
    `One event of ${whole(peak.records)} records of ${whole(peak.recordBytes)} bytes: the process peaks at ` +
      `${whole(peak.peakMb)} MB, from ${whole(peak.idleMb)} MB before it.`,
    '',
    `Bundle of the handler: ${whole(cold.bundleBytes / 1000)} KB. Process start to handler: ${fixed(cold.oursMs)} ms; ` +
      `a hello-world with the same client: ${fixed(cold.helloMs)} ms.`,
    '',
    `Replay of a local stream of ${whole(replay.ours.records)} records: ${fixed(replay.ours.wallMs / 1000)} s and ` +
      `${fixed(replay.ours.cpuMs / 1000)} s of CPU; a bare GetRecords loop by the SDK that throws them away: ` +
      `${fixed(replay.bare.wallMs / 1000)} s and ${fixed(replay.bare.cpuMs / 1000)} s.`,
    '',
    `\`tail\` into DuckDB at ${whole(tail.perSecond)} changes a second: of ${whole(tail.changes)}, half are seen by a ` +
      `query of another process within ${whole(tail.p50Ms)} ms of their acknowledgement, 99 % within ` +
      `${whole(tail.p99Ms)} ms, all within ${whole(tail.maxMs)} ms.`,
    '',
    'Reading a table: a backfill into DuckDB by 4 segments; a bare scan by the SDK with the same segments that throws the ' +
      'items away; boto3 and pandas, kept in memory or added to a CSV file page by page:',
    '',
    table(
      ['items', 'way', 'time, s', 'CPU, s', 'peak memory, MB'],
      tables.flatMap(({ items, ours, bare, pandas, csv }) =>
        [
          { way: 'backfill', reading: ours },
          { way: 'bare scan', reading: bare },
          { way: 'pandas in memory', reading: pandas },
          { way: 'pandas and CSV', reading: csv },
        ].flatMap(({ way, reading }) =>
          reading === null
            ? []
            : [[String(items), way, fixed(reading.wallMs / 1000), fixed(reading.cpuMs / 1000), whole(reading.peakMb)]],
        ),
      ),
    ),
    '',
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---:'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function whole(value: number): string {
  return String(Math.round(value));
}

function ratio(a: number, b: number): number {
  return Number((a / b).toFixed(2));
}
