import { writeFile } from 'node:fs/promises';
import { runCompaction } from '../backfill/compaction.ts';
import { systemClock } from '../src/clock.ts';
import { openInstance } from '../src/destination/duckdb/open-instance.ts';
import { silentLog } from '../src/log.ts';
import { objectNames } from '../src/names/object-names.ts';
import { systemRandom } from '../src/random.ts';
import { duckdb } from '../src/views/duckdb.ts';
import { FOLD_AT, runSql, TABLE, withDestination } from './dashboard-scene.ts';
import { median } from './measure.ts';

/** What a query took, in a process that did nothing else. */
export type QueryTimes = {
  readonly runs: number;
  readonly bestMs: number;
  readonly medianMs: number;
  /** CPU time of the best run, on all threads. */
  readonly cpuMs: number;
  /** What it answered, as JSON. */
  readonly answer: string;
};

/** A query is run so often, or for so long. */
const MOST_RUNS = 21;
const LONG_ENOUGH_MS = 4_000;

/** Otherwise DuckDB takes most of the machine's memory before it writes what is beyond to disk. */
const MEMORY_LIMIT = '8GB';

/** As much as a compaction allows itself. */
const COPY_MEMORY_LIMIT = '512MB';

const [command, path = '', text = '', result = ''] = process.argv.slice(2);
switch (command) {
  case 'query':
    await writeFile(result, JSON.stringify(await query(path, text)));
    break;
  case 'compact':
    await compact(path);
    break;
  case 'copy':
    await copy(path);
    break;
  default:
    throw new Error('Not a command of the benchmark');
}

async function query(path: string, sql: string): Promise<QueryTimes> {
  const opened = await openInstance(path, false, 'read');
  if (!('instance' in opened)) throw new Error(`${path} is in use`);
  const { connection } = opened;
  await connection.run(`SET memory_limit = '${MEMORY_LIMIT}'`);
  const times: number[] = [];
  const cpu: number[] = [];
  let answer = '';
  for (const began = performance.now(); times.length < MOST_RUNS && performance.now() - began < LONG_ENOUGH_MS; ) {
    const [at, before] = [performance.now(), process.cpuUsage()];
    const rows = await connection.runAndReadAll(sql);
    times.push(performance.now() - at);
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1_000);
    answer = JSON.stringify(rows.getRowsJson());
  }
  return { runs: times.length, bestMs: Math.min(...times), medianMs: median(times), cpuMs: Math.min(...cpu), answer };
}

/** A compaction as `tailrace compact` does it. */
function compact(path: string): Promise<unknown> {
  return withDestination(path, FOLD_AT, (destination) =>
    runCompaction({
      table: TABLE,
      destination,
      clock: { ...systemClock, now: () => FOLD_AT },
      random: systemRandom,
      log: silentLog,
      actor: 'bench',
      signal: new AbortController().signal,
      horizonMs: null,
    }),
  );
}

/** The bare copy of the rows that a compaction made, which is dropped again. */
async function copy(path: string): Promise<void> {
  const published = await withDestination(path, FOLD_AT, (destination) => destination.published(TABLE));
  const snapshot = duckdb.table(objectNames(TABLE.name).snapshot(published?.snapshotId ?? ''));
  await runSql(
    path,
    `SET memory_limit = '${COPY_MEMORY_LIMIT}'; CREATE TABLE bare_copy AS FROM ${snapshot}; DROP TABLE bare_copy`,
  );
}
