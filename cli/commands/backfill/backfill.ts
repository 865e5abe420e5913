import { existsSync } from 'node:fs';
import { runBackfill } from '../../../backfill/backfill.ts';
import { BackfillCheckpointFile } from '../../../backfill/checkpoint-file.ts';
import { DeadLetterDirectory } from '../../../src/delivery/dead-letter-directory.ts';
import { requireSameTable } from '../../../src/destination/same-table.ts';
import { isKind } from '../../../src/errors.ts';
import { identity } from '../../../src/privacy/transform.ts';
import type { Connection, Dependencies } from '../../dependencies.ts';
import { type Invocation, stateOf } from '../../invocation.ts';
import { afterSettingAside } from '../../next-step/dead-letters.ts';
import { DEFAULT_STREAM_AGE } from '../../options/defaults.ts';
import type { ExitCode } from '../../start.ts';
import { lockForProcess } from '../../state/process-lock.ts';
import { statePaths } from '../../state/state-paths.ts';
import { storedDestination } from '../../state/stored-destination.ts';
import type { Output } from '../../terminal/output.ts';
import { terminalLog } from '../../terminal/terminal-log.ts';
import { warnOfMissedChanges } from '../../warnings/missed-changes.ts';
import { approveCost, type CostApprovalOptions } from './cost-approval.ts';
import { backfillReport } from './progress-report.ts';
import { backfillLines, backfillSummary, resumeHint } from './result.ts';

export type BackfillOptions = Invocation &
  CostApprovalOptions & {
    /** `undefined` for as many as it was begun with, or the default. */
    readonly segments: number | undefined;
    readonly restart: boolean;
    readonly publish: boolean;
    /** In seconds; `undefined` for what fits the endpoint. */
    readonly minStreamAge: number | undefined;
  };

/** The alternative to resuming. */
const RESTART_HINT = '; --restart starts over';

/** Reads the table into a snapshot and publishes it, or resumes that. */
export async function backfill(
  options: BackfillOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  const { table, segments, restart, publish } = options;
  const { clock, random, signal, actor } = dependencies;
  using connection = await dependencies.connect(options.aws, terminalLog(output));
  const paths = statePaths(stateOf(options, table));
  const { deadLetters, checkpoint: tail, backfill: checkpoint, backfillLock, backfillRows } = paths;
  // Before the question, so that no other process ends the backfill that the answer is for.
  await using _lock = options.dryRun ? null : await lockForProcess(backfillLock, `A backfill of ${table}`);
  const checkpoints = new BackfillCheckpointFile(checkpoint, storedDestination(options, options.destination));
  const found = restart || options.dryRun ? null : await checkpoints.load();
  // A backfill that is being dropped isn't resumed.
  const resumed = found?.isDropping ? null : found;
  const approve = async () => {
    await refuseOther(options, connection, dependencies);
    return approveCost(options, resumed, connection, dependencies, output);
  };
  const approval = await approve().catch((error: unknown) => {
    if (options.dryRun || !existsSync(checkpoint) || !isKind(error, 'source-table-missing')) throw error;
    // The backfill itself explains what becomes of what was read. It may read no more.
    return { isGiven: true, maxUnits: 0, capOption: null, unitDollars: null };
  });
  const { isGiven, maxUnits, capOption, unitDollars } = approval;
  if (!isGiven) {
    if (options.dryRun) return 0;
    output.note('Nothing was read.');
    return 1;
  }
  await using destination = await dependencies.openDestination(options.destination);
  const minStreamAge = options.minStreamAge ?? (connection.isLocal ? 0 : DEFAULT_STREAM_AGE);

  using report = backfillReport(table, unitDollars, clock, output);
  const result = await runBackfill({
    table,
    reader: connection.tables,
    streams: connection.streams,
    destination,
    deadLetters: new DeadLetterDirectory(deadLetters),
    transform: identity,
    clock,
    random,
    log: terminalLog(output),
    segments,
    minStreamAgeMs: minStreamAge * 1_000,
    actor,
    signal,
    checkpoints,
    spool: backfillRows,
    restart,
    publish,
    maxUnits,
    unitsPerSecond: options.rate,
    onProgress: report.progress,
    onResume: (basis) => warnOfMissedChanges(basis, { destination, clock, tail }, output),
  }).catch((error: unknown) => {
    report.done();
    if (existsSync(checkpoint) && !isKind(error, 'state-invalid')) output.note(resumeHint(checkpoint, RESTART_HINT));
    throw error;
  });
  report.done();

  const terms = { ...options, maxUnits, unitDollars, deadLetters: result.setAside > 0 ? deadLetters : null };
  if (output.json) output.emit(backfillSummary(terms, result));
  else for (const line of backfillLines(terms, result)) output.report(line);
  if (result.setAside > 0) output.note(afterSettingAside(table));
  if (result.isCapped)
    output.note(resumeHint(checkpoint, RESTART_HINT, capOption ? `a higher ${capOption}` : undefined));
  return result.setAside + result.repeated === 0 && !result.isCapped ? 0 : 1;
}

/** Refuses another table of the name, before the question what it may cost. */
async function refuseOther(
  { table, destination: name }: BackfillOptions,
  connection: Connection,
  { openDestination }: Dependencies,
): Promise<void> {
  await using destination = await openDestination(name);
  await requireSameTable((await connection.tables.describe(table)).table, destination);
}
