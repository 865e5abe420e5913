import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duckdb } from '../src/views/duckdb.ts';
import { makePlain, makeScene, runSql } from './dashboard-scene.ts';
import { type Measurement, measureNode, middle } from './measured-process.ts';
import { fixed, type Part, ratio, table, whole } from './part.ts';

const ROUNDS = 3;

const FORMATS = ['csv', 'ndjson', 'parquet'] as const;
type Format = (typeof FORMATS)[number];

/** The typed view has seven columns of 67 bytes in all; the latest view has items of 700 bytes as JSON. */
const VIEWS = ['Orders', 'Orders_latest'] as const;
type View = (typeof VIEWS)[number];

type Found = {
  readonly view: View;
  readonly format: Format;
  readonly tailrace: Measurement;
  readonly copy: Measurement;
  readonly bytes: number;
};

const PROCESS = join(import.meta.dirname, 'export-process.ts');
const LAUNCHER = join(import.meta.dirname, '..', 'bin', 'tailrace.js');

/** Measures an export against DuckDB's own COPY of a plain table with the same columns and rows, as whole processes. */
export const exportPart: Part = async ({ sizes }) => {
  const items = Math.max(...sizes);
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-bench-'));
  try {
    const [scene, plain] = [join(directory, 'scene.duckdb'), join(directory, 'plain.duckdb')];
    await makeScene(scene, { items, history: 0 });
    await makePlain(plain, scene);
    await runSql(
      plain,
      `ATTACH ${duckdb.text(scene)} AS scene (READ_ONLY); CREATE TABLE "Orders_latest" AS FROM scene."Orders_latest"`,
    );
    const found: Found[] = [];
    for (const view of VIEWS) {
      for (const format of FORMATS) found.push(await compareExport(directory, view, format));
    }
    return findings(items, found);
  } finally {
    await rm(directory, { recursive: true });
  }
};

/** Each in turn, so that other load on the machine affects both alike. */
async function compareExport(directory: string, view: View, format: Format): Promise<Found> {
  const [mine, floor] = [join(directory, `mine.${format}`), join(directory, `floor.${format}`)];
  const readings: { readonly tailrace: Measurement[]; readonly copy: Measurement[] } = { tailrace: [], copy: [] };
  const args = ['export', 'Orders', '--view', view, '--out', mine, '--force', '--destination', 'duckdb:scene.duckdb'];
  for (let round = 0; round < ROUNDS; round++) {
    readings.copy.push(await measureNode([PROCESS, 'plain.duckdb', view, format, floor], directory));
    readings.tailrace.push(await measureNode([LAUNCHER, ...args], directory));
  }
  const { size: bytes } = await stat(mine);
  await Promise.all([mine, floor].map((file) => rm(file)));
  return { view, format, tailrace: middle(readings.tailrace), copy: middle(readings.copy), bytes };
}

function findings(items: number, found: readonly Found[]) {
  const rows = found.map(({ view, format, tailrace, copy, bytes }) => [
    view,
    format,
    fixed(bytes / 1e6),
    whole(tailrace.wallMs),
    whole(copy.wallMs),
    fixed(tailrace.wallMs / copy.wallMs),
    fixed(tailrace.cpuMs / copy.cpuMs),
    whole(tailrace.peakMb),
    whole(copy.peakMb),
  ]);
  const head = [
    'view',
    'format',
    'MB',
    'export, ms',
    'COPY, ms',
    'ratio',
    'ratio of CPU',
    'export, peak MB',
    'COPY, peak MB',
  ];
  return {
    paragraphs: [
      `An export of ${items.toLocaleString('en-US')} orders from a DuckDB file, against DuckDB's own COPY of a plain table with the same ` +
        `columns and rows, which rounds. Whole processes, the median of ${ROUNDS}:`,
      table(head, rows),
    ],
    ratios: Object.fromEntries(
      found.map(({ view, format, tailrace, copy }) => [
        `export_${view}_${format}`,
        ratio(tailrace.wallMs, copy.wallMs),
      ]),
    ),
  };
}
