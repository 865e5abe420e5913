import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SEGMENTS } from '../backfill/backfill-options.ts';
import { type Measurement, measureNode, middle } from './measured-process.ts';
import { MOST_FOR_EMBEDDED, startOrdersServer } from './orders-server.ts';
import { fixed, type Part, ratio, table, whole } from './part.ts';
import { type Python, type PythonRoute, preparePython } from './python.ts';

/** Cost of reading one size of table, each way as a whole process; `null` where a way isn't available, or takes too long. */
type TableBench = {
  readonly items: number;
  readonly rounds: number;
  readonly backfill: Measurement;
  readonly bare: Measurement;
  readonly verify: Measurement;
  readonly pandas: Measurement | null;
  readonly csv: Measurement | null;
};

/** Short runs vary by more than the differences of interest, so there are more of them. */
const ROUNDS = [
  { upTo: 20_000, rounds: 7 },
  { upTo: 200_000, rounds: 3 },
] as const;

/** The CSV way takes four times as long for twice the items. */
const MOST_FOR_CSV = 100_000;

const TABLE = 'Orders';
const LAUNCHER = join(import.meta.dirname, '../bin/tailrace.js');
const BARE_SCAN = join(import.meta.dirname, 'bare-scan.js');

/**
 * Measures `tailrace backfill` and `tailrace verify` into DuckDB, as a user runs them, against other ways to read the
 * same table from the same server: from the start of a process to its end.
 */
export const backfillPart: Part = async ({ sizes }) => {
  const python = await preparePython();
  const tables: TableBench[] = [];
  for (const items of sizes) tables.push(await oneSize(items, python));
  return {
    paragraphs: [
      'Reading a table, from the start of a process to its end: `tailrace backfill` into DuckDB; a bare scan by the SDK ' +
        `that throws the items away; \`tailrace verify\`; all three by ${DEFAULT_SEGMENTS} segments. boto3 and pandas, held ` +
        `in memory or, up to ${MOST_FOR_CSV} items, added to a CSV file page by page. Up to ${MOST_FOR_EMBEDDED} items the ` +
        'embedded server gives them, beyond that one that only gives pages made before:',
      table(['items', 'way', 'runs', 'time, s', 'CPU, s', 'peak memory, MB'], tables.flatMap(rowsOf)),
      ...tables.slice(1).map((larger, index) => furtherLine(tables[index] ?? larger, larger)),
    ],
    ratios: { backfill: tables.map(ratiosOf) },
  };
};

async function oneSize(items: number, python: Python | null): Promise<TableBench> {
  const rounds = ROUNDS.find(({ upTo }) => items <= upTo)?.rounds ?? 1;
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-bench-'));
  try {
    await using server = await startOrdersServer(TABLE, items, directory);
    const tailrace = (command: string, round: number) => {
      const destination = `duckdb:${round}.duckdb`;
      const where = ['--endpoint-url', server.endpointUrl, '--destination', destination, '--state', `${round}`];
      return measureNode([LAUNCHER, command, TABLE, ...where, '--json'], directory);
    };
    const bareScan = () => measureNode([BARE_SCAN, server.endpointUrl, TABLE, String(DEFAULT_SEGMENTS)], directory);
    const readings: { readonly bare: Measurement; readonly backfill: Measurement; readonly verify: Measurement }[] = [];
    for (let round = 0; round < rounds; round++) {
      readings.push({
        bare: await bareScan(),
        backfill: await tailrace('backfill', round),
        verify: await tailrace('verify', round),
      });
      for (const file of [`${round}`, `${round}.duckdb`])
        await rm(join(directory, file), { recursive: true, force: true });
    }
    const byPython = (route: PythonRoute) => python?.(route, server.endpointUrl, directory) ?? null;
    const pandas = await byPython('pandas');
    const csv = items > MOST_FOR_CSV ? null : await byPython('csv');
    const of = (way: 'bare' | 'backfill' | 'verify') => middle(readings.map((reading) => reading[way]));
    return { items, rounds, backfill: of('backfill'), bare: of('bare'), verify: of('verify'), pandas, csv };
  } finally {
    await rm(directory, { recursive: true });
  }
}

function rowsOf({ items, rounds, backfill, bare, verify, pandas, csv }: TableBench): readonly string[][] {
  return [
    { way: 'backfill', reading: backfill, runs: rounds },
    { way: 'bare scan', reading: bare, runs: rounds },
    { way: 'verify', reading: verify, runs: rounds },
    { way: 'pandas in memory', reading: pandas, runs: 1 },
    { way: 'pandas and CSV', reading: csv, runs: 1 },
  ].flatMap(({ way, reading, runs }) => {
    if (reading === null) return [];
    const { wallMs, cpuMs, peakMb } = reading;
    return [[String(items), way, String(runs), (wallMs / 1_000).toFixed(2), (cpuMs / 1_000).toFixed(2), whole(peakMb)]];
  });
}

/** What an item costs once a process has started and warmed up. */
function furtherLine(smaller: TableBench, larger: TableBench): string {
  const [backfill, bare, verify] = (['backfill', 'bare', 'verify'] as const).map((way) =>
    fixed(((larger[way].cpuMs - smaller[way].cpuMs) * 1_000) / (larger.items - smaller.items)),
  );
  return (
    `CPU of each item beyond ${smaller.items}, up to ${larger.items}: \`backfill\` ${backfill} µs, bare scan ${bare} µs, ` +
    `\`verify\` ${verify} µs.`
  );
}

function ratiosOf({ items, backfill, bare, verify, pandas, csv }: TableBench) {
  return {
    items,
    time: ratio(backfill.wallMs, bare.wallMs),
    cpu: ratio(backfill.cpuMs, bare.cpuMs),
    peak_memory: ratio(backfill.peakMb, bare.peakMb),
    peak_memory_mb: Math.round(backfill.peakMb),
    faster_than_pandas: pandas && ratio(pandas.wallMs, backfill.wallMs),
    faster_than_csv: csv && ratio(csv.wallMs, backfill.wallMs),
    verify: {
      time: ratio(verify.wallMs, bare.wallMs),
      cpu: ratio(verify.cpuMs, bare.cpuMs),
      peak_memory_mb: Math.round(verify.peakMb),
    },
  };
}
