import { existsSync } from 'node:fs';
import { BackfillCheckpointFile } from '../../../backfill/checkpoint-file.ts';
import { type RepairCheck, type RepairResult, runRepair } from '../../../backfill/verify/repair.ts';
import { foundIn } from '../../../backfill/verify/verify-options.ts';
import { DeadLetterDirectory } from '../../../src/delivery/dead-letter-directory.ts';
import { isKind } from '../../../src/errors.ts';
import { removeEmpty } from '../../../src/in-folder.ts';
import type { Dependencies } from '../../dependencies.ts';
import { stateOf } from '../../invocation.ts';
import { afterSettingAside } from '../../next-step/dead-letters.ts';
import { DEFAULT_STREAM_AGE } from '../../options/defaults.ts';
import type { ExitCode } from '../../start.ts';
import { lockForProcess } from '../../state/process-lock.ts';
import { statePaths } from '../../state/state-paths.ts';
import { storedDestination } from '../../state/stored-destination.ts';
import { count, counted, duration } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import { differenceLine } from '../../terminal/scan-report.ts';
import { terminalLog } from '../../terminal/terminal-log.ts';
import { warnOfMissedChanges } from '../../warnings/missed-changes.ts';
import { resumeHint } from '../backfill/result.ts';
import {
  reportOpenKeys,
  showProgress,
  VERIFY_EXIT_CODES,
  verifyReport,
  verifySentence,
  verifySummary,
} from './report.ts';
import type { VerifyOptions } from './verify-options.ts';
import { comparisonOptionsOf } from './verify-options.ts';

/** What else resumes it. */
const BACKFILL_TOO = ', and so does a backfill';

/** Why a run that resumes an earlier reading reads the table once more. */
const STALE = 'The reading of an earlier run proves nothing about later changes: the table has to be read once more.';
const NEXT = {
  repair: 'Nothing of it differs: reading the table again.',
  comparison: 'It is published: comparing the table again.',
} as const;

/**
 * Compares the table with the latest view, and makes the state stand on what was read if they differ.
 *
 * The exit code is that of the comparison: a job that repairs every night must not hide that something was lost.
 */
export async function verifyRepair(
  options: VerifyOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  const { table } = options;
  const { clock, actor } = dependencies;
  using connection = await dependencies.connect(options.aws, terminalLog(output));
  await using destination = await dependencies.openDestination(options.destination);
  const paths = statePaths(stateOf(options, table));
  const { deadLetters, checkpoint: tail, backfill: checkpoint, backfillLock, backfillRows } = paths;
  await using _lock = await lockForProcess(backfillLock, `A repair of ${table}`);

  using report = verifyReport(table, clock, output);
  const result = await runRepair({
    ...comparisonOptionsOf(options, connection, dependencies),
    streams: connection.streams,
    destination,
    deadLetters: new DeadLetterDirectory(deadLetters),
    log: terminalLog(output),
    segments: options.segments,
    minStreamAgeMs: connection.isLocal ? 0 : DEFAULT_STREAM_AGE * 1_000,
    actor,
    checkpoints: new BackfillCheckpointFile(checkpoint, storedDestination(options, options.destination)),
    spool: backfillRows,
    onFinding: report.finding,
    onRemaining: report.remaining,
    onResume: (basis) => warnOfMissedChanges(basis, { destination, clock, tail }, output),
    onComparison: (progress) => showProgress(report, progress),
    onRescan: (next) => output.note(`${STALE} ${NEXT[next]}`),
    onProgress(progress) {
      if (progress.phase === 'scanning') report.scanning(progress);
      if (progress.phase === 'waiting')
        output.note(`The stream of ${table} is young: waiting ${duration(progress.waitMs)}.`);
    },
  })
    .catch((error: unknown) => {
      report[Symbol.dispose]();
      if (existsSync(checkpoint) && !isKind(error, 'state-invalid')) output.note(resumeHint(checkpoint, BACKFILL_TOO));
      throw error;
    })
    .finally(() => removeEmpty(backfillRows, backfillRows));
  report[Symbol.dispose]();

  if (output.json) output.emit(summaryOf(table, result, deadLetters));
  else for (const line of linesOf(table, result, deadLetters)) output.print(line);
  if (result.setAside > 0) output.note(afterSettingAside(table));
  reportOpenKeys(table, result, output);
  if (result.isResumable) output.note(resumeHint(checkpoint, BACKFILL_TOO, 'a higher --max-read-units'));
  else if (result.verdict === 'capped') output.note(`${STALE} The cap leaves no room for that: run the command again.`);
  // Of a repeated key the view shows one item, whatever is repaired.
  if (result.check && result.repeated === 0) reportCheck(table, result.check, output);
  return VERIFY_EXIT_CODES[result.verdict];
}

function summaryOf(table: string, found: RepairResult, deadLetters: string) {
  const { snapshotId, replaced, isRepaired, difference, check, setAside } = found;
  return {
    ...verifySummary(table, found),
    repaired: isRepaired,
    left: check && foundIn(check) + check.unexamined + check.unsettled,
    left_verdict: check?.verdict ?? null,
    snapshot_id: isRepaired ? snapshotId : null,
    replaced_snapshot_id: isRepaired ? replaced : null,
    difference,
    set_aside: setAside,
    dead_letters: setAside > 0 ? deadLetters : null,
  };
}

function linesOf(table: string, found: RepairResult, deadLetters: string): string[] {
  const { snapshotId, replaced, isRepaired, difference, check, setAside } = found;
  if (!found.isCompared)
    return [`Stopped at the cap: ${counted(found.sourceItems, 'item')} of ${table} read, nothing compared yet.`];
  return [
    verifySentence(table, found),
    ...(isRepaired
      ? [`Repaired: ${snapshotId} is published${replaced === null ? '' : `, in place of ${replaced}`}.`]
      : ['Nothing was repaired.']),
    ...(difference === null ? [] : [differenceLine(difference)]),
    ...(check === null ? [] : [checkSentence(check, setAside)]),
    ...(setAside === 0 ? [] : [`${count(setAside)} set aside, missing from the latest view: ${deadLetters}`]),
  ];
}

function checkSentence(check: RepairCheck, setAside: number): string {
  const { verdict, isRescanned, sourceItems, units } = check;
  const sentences = {
    agree: setAside === 0 ? 'Nothing differs any more.' : 'Nothing else differs any more.',
    differ:
      foundIn(check) > 0 ? `Still different: ${counted(foundIn(check), 'key')}.` : 'Keys still come more than once.',
    capped: 'Whether anything still differs is not known: the read cap was reached.',
    unfinished: 'Whether anything still differs could not be found out.',
  } as const;
  const how = isRescanned
    ? ` Read once more for that: ${counted(sourceItems, 'item')}, ${counted(units, 'read unit')}.`
    : '';
  return sentences[verdict] + how;
}

function reportCheck(table: string, check: RepairCheck, output: Output): void {
  if (foundIn(check) > 0) {
    output.warn(
      `A change of the last minutes may be lost, and an older one counts over what was read: run \`tailrace gaps ${table} --fill\`, ` +
        'or this command again in five minutes.',
    );
  }
  reportOpenKeys(table, check, output);
}
