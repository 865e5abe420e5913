import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BilledBytes, billedBytes } from './billed-bytes.ts';
import { dashboardFindings } from './dashboard-findings.ts';
import type { QueryTimes } from './dashboard-process.ts';
import { addOldViews, addTail, makePlain, makeScene, type Size } from './dashboard-scene.ts';
import { type Measurement, measureNode } from './measured-process.ts';
import type { Part } from './part.ts';

/** The ways to ask for the current state. */
export const WAYS = ['plain', 'before', 'after', 'old'] as const;
export type Way = (typeof WAYS)[number];

export const QUERIES = {
  grouped: (view: string) =>
    `SELECT city, status, sum(total) AS total FROM "${view}" GROUP BY city, status ORDER BY ALL`,
  point: (view: string) => `SELECT count(*), min(city), min(status) FROM "${view}" WHERE total = 123.45`,
  count: (view: string) => `SELECT count(*) FROM "${view}"`,
} as const;
export type QueryName = keyof typeof QUERIES;

/** What one query costs in one way. `peakMb` is that of its whole process. */
export type QueryCost = QueryTimes & { readonly peakMb: number };

/** What was found of one size of table and history. */
export type SceneCost = Size & {
  readonly queries: Readonly<Record<Way, Readonly<Record<QueryName, QueryCost>>>>;
  readonly fileBytes: Readonly<Record<'plain' | 'before' | 'after', number>>;
  readonly compaction: Measurement;
  /** A bare copy of the rows that the compaction made. */
  readonly copy: Measurement;
  readonly billed: BilledBytes;
};

/** A million items with a hundred times as many changes wouldn't fit on a small disk. */
const SIZES: readonly Size[] = [
  ...[0, 1, 10, 100].map((history) => ({ items: 10_000, history })),
  ...[0, 1, 10].map((history) => ({ items: 1_000_000, history })),
];

const PROCESS = join(import.meta.dirname, 'dashboard-process.ts');

/** Measures what a dashboard's query costs as the history of a table grows, before and after a compaction. */
export const dashboardsPart: Part = async ({ sizes }) => {
  const most = Math.max(...sizes);
  const scenes: SceneCost[] = [];
  for (const size of SIZES.filter(({ items }) => items <= most)) scenes.push(await oneScene(size));
  return dashboardFindings(scenes);
};

async function oneScene(size: Size): Promise<SceneCost> {
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-bench-'));
  const [scene, plain] = [join(directory, 'scene.duckdb'), join(directory, 'plain.duckdb')];
  const bytesOf = async (path: string) => (await stat(path)).size;
  const node = (...args: readonly string[]) => measureNode([PROCESS, ...args], directory);
  try {
    await makeScene(scene, size);
    const beforeBytes = await bytesOf(scene);
    const before = await queryCosts(scene, 'Orders', directory);
    const compaction = await node('compact', scene);
    const copy = await node('copy', scene);
    await addTail(scene, size);
    await makePlain(plain, scene);
    await addOldViews(scene);
    const queries = {
      plain: await queryCosts(plain, 'Orders', directory),
      before,
      after: await queryCosts(scene, 'Orders', directory),
      old: await queryCosts(scene, 'Orders_of_4bb89be', directory),
    };
    refuseDifferent(queries);
    const fileBytes = { plain: await bytesOf(plain), before: beforeBytes, after: await bytesOf(scene) };
    return { ...size, queries, fileBytes, compaction, copy, billed: await billedBytes(scene, plain) };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Each query in a process of its own. */
async function queryCosts(path: string, view: string, directory: string): Promise<Record<QueryName, QueryCost>> {
  const result = join(directory, 'result.json');
  const cost = async (name: QueryName): Promise<QueryCost> => {
    const { peakMb } = await measureNode([PROCESS, 'query', path, QUERIES[name](view), result], directory);
    return { ...(JSON.parse(await readFile(result, 'utf8')) as QueryTimes), peakMb };
  };
  return { grouped: await cost('grouped'), point: await cost('point'), count: await cost('count') };
}

/** Ways that don't answer the same can't be compared. What was asked before the tail came may differ. */
function refuseDifferent({ plain, after, old }: SceneCost['queries']): void {
  for (const name of Object.keys(QUERIES) as QueryName[]) {
    if (plain[name].answer !== after[name].answer || plain[name].answer !== old[name].answer) {
      throw new Error(`The ways answer the ${name} query differently`);
    }
  }
}
