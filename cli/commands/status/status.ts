import type { Destination } from '../../../src/destination/destination.ts';
import { nothingOfTable } from '../../../src/destination/nothing-of-table.ts';
import { isKind } from '../../../src/errors.ts';
import { interruptible } from '../../../src/interruptible.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { Invocation } from '../../invocation.ts';
import type { ExitCode } from '../../start.ts';
import type { Output } from '../../terminal/output.ts';
import { listOf } from '../../terminal/table.ts';
import { findOtherTable } from '../../warnings/other-table.ts';
import { inspect } from './inspect.ts';
import { lagProblem, statusLines, warnOfStatus } from './report.ts';

export type StatusOptions = Invocation & {
  /** `undefined` for every table that the destination holds. */
  readonly table: string | undefined;
  /** In milliseconds: a greater lag, or an unknown one, gives exit code 1. `undefined` for no bound. */
  readonly maxLag: number | undefined;
  /** Whether it is shown again and again, until the signal comes. */
  readonly watch: boolean;
  /** The bucket of a Lambda's dead letters, `s3://bucket[/prefix]`. */
  readonly s3: string | undefined;
};

/** How often a watched status is shown again. A look into BigQuery costs a query for each table. */
const WATCH_MS = { duckdb: 2_000, bigquery: 60_000 };

/** Shows what the destination holds of one table, or of all; with `watch` again and again. */
export async function status(options: StatusOptions, dependencies: Dependencies, output: Output): Promise<ExitCode> {
  const { signal, clock } = dependencies;
  const look = () => interruptible('The status', signal, lookOnce(options, dependencies, output));
  if (!options.watch) return look();
  const stopped = AbortSignal.any([signal, output.closed]);
  const everyMs = options.destination.startsWith('bigquery:') ? WATCH_MS.bigquery : WATCH_MS.duckdb;
  let exitCode: ExitCode = 0;
  while (!stopped.aborted) {
    output.startOver();
    exitCode = await look().catch((error: unknown) => {
      if (stopped.aborted) return exitCode;
      // Passing: the next look may work.
      if (!isKind(error, 'destination-busy', 'destination-unavailable')) throw error;
      output.warn(`${error.message}. Looking again.`);
      return exitCode;
    });
    await clock.sleep(everyMs, stopped);
  }
  return exitCode;
}

async function lookOnce(options: StatusOptions, dependencies: Dependencies, output: Output): Promise<ExitCode> {
  await using destination = await dependencies.openDestination(options.destination);
  const sources = await destination.sources();
  const chosen = sources.filter(({ name }) => options.table === undefined || name === options.table);
  if (options.table !== undefined && chosen.length === 0) {
    throw nothingOfTable(options.table, sources, destination.name);
  }
  if (chosen.length === 0) output.note(`Nothing is in ${destination.name} yet.`);
  // Awaited here: the destination is closed at the end.
  return await show(chosen, destination, options, dependencies, output);
}

async function show(
  tables: Awaited<ReturnType<Destination['sources']>>,
  destination: Destination,
  options: StatusOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  using local = tables.length === 0 ? null : await dependencies.connectLocally(options.aws);
  let exitCode: ExitCode = 0;
  for (const [index, table] of tables.entries()) {
    const other = local ? await findOtherTable(table, local, dependencies.clock) : undefined;
    const found = await inspect(table, destination, options, dependencies, other);
    if (output.json) output.emit({ ...found, unproven: found.unproven && output.complete(found.unproven) });
    else output.print(`${index === 0 ? '' : '\n'}${listOf(statusLines(found))}`);
    if (other) output.warn(`${other.message}. ${other.remedy.replaceAll('TABLE', () => table.name)}`);
    warnOfStatus(found, output);
    const problem = options.maxLag === undefined ? null : lagProblem(found, options.maxLag);
    if (problem !== null) output.warn(problem);
    if (problem !== null || found.ledger_problem !== null) exitCode = 1;
  }
  return exitCode;
}
