import { existsSync } from 'node:fs';
import { BackfillCheckpointFile } from '../../../backfill/checkpoint-file.ts';
import { type RepairCheck, type RepairResult, runRepair } from '../../../backfill/verify/repair.ts';
import { foundIn } from '../../../backfill/verify/verify-options.ts';
import { DeadLetterDirectory } from '../../../src/delivery/dead-letter-directory.ts';
import { isKind } from '../../../src/errors.ts';
import { removeEmpty } from '../../../src/in-folder.ts';
import type { Dependencies } from '../../dependencies.ts';
import { stateOf } from '../../invocation.ts';
import type { ExitCode } from '../../start.ts';
import { lockForProcess } from '../../state/process-lock.ts';
import { statePaths } from '../../state/state-paths.ts';
import { count, counted, duration } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import { differenceLine } from '../../terminal/scan-report.ts';
import { terminalLog } from '../../terminal/terminal-log.ts';
import { warnOfMissedChanges } from '../../warnings/missed-changes.ts';
import { DEFAULT_STREAM_AGE } from '../backfill/backfill.ts';
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

/** What else goes on with what is kept. */
const BACKFILL_TOO = ', and so does a backfill';

/** Why a run that goes on with an earlier one's reading doesn't end with it. */
const STALE =
  'What an earlier run had read says nothing of what was written since: the table has to be read once more.';
const NEXT = {
  repair: 'Nothing of it differs: reading the table anew.',
  comparison: 'It is published: comparing the table anew.',
} as const;

/**
 * Compares the table with the latest view, and makes the view stand on what was read if they differ.
 *
 * The exit code is that of the comparison: whoever runs it every night has to know that something was lost.
 */
export async function verifyRepair(
  options: VerifyOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  const { table } = options;
  const { clock, actor } = dependencies;
  using source = await dependencies.connect(options.aws, terminalLog(output));
  await using destination = await dependencies.openDestination(options.destination);
  const paths = statePaths(stateOf(options, table));
  const { deadLetters, checkpoint: tail, backfill: checkpoint, backfillLock, backfillRows } = paths;
  await using _lock = await lockForProcess(backfillLock, `A backfill of ${table}`);

  using report = verifyReport(table, clock, output);
  const found = await runRepair({
    ...comparisonOptionsOf(options, source, dependencies),
    streams: source.streams,
    destination,
    deadLetters: new DeadLetterDirectory(deadLetters),
    log: terminalLog(output),
    segments: options.segments,
    minStreamAgeMs: source.isLocal ? 0 : DEFAULT_STREAM_AGE * 1_000,
    actor,
    checkpoints: new BackfillCheckpointFile(checkpoint, options.destination),
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

  if (output.json) output.emit(summaryOf(table, found, deadLetters));
  else for (const line of linesOf(table, found, deadLetters)) output.print(line);
  reportOpenKeys(table, found, output);
  if (found.isResumable) output.note(resumeHint(checkpoint, BACKFILL_TOO, 'a higher --max-read-units'));
  else if (found.verdict === 'capped') output.note(`${STALE} The cap leaves no room for that: run it again.`);
  // Of a key that comes more than once the view shows one item, whatever is brought in.
  if (found.check && found.repeated === 0) tellLeft(table, found.check, output);
  return VERIFY_EXIT_CODES[found.verdict];
}

function summaryOf(table: string, found: RepairResult, deadLetters: string) {
  const { snapshotId, replaced, isRepaired, difference, check: left, setAside } = found;
  return {
    ...verifySummary(table, found),
    repaired: isRepaired,
    left: left && foundIn(left) + left.unexamined + left.unsettled,
    left_verdict: left?.verdict ?? null,
    snapshot_id: isRepaired ? snapshotId : null,
    replaced_snapshot_id: isRepaired ? replaced : null,
    difference,
    set_aside: setAside,
    dead_letters: setAside > 0 ? deadLetters : null,
  };
}

function linesOf(table: string, found: RepairResult, deadLetters: string): string[] {
  const { snapshotId, replaced, isRepaired, difference, check: left, setAside } = found;
  if (!found.isCompared)
    return [`Stopped at the cap: ${counted(found.sourceItems, 'item')} of ${table} read, nothing compared yet.`];
  return [
    verifySentence(table, found),
    ...(isRepaired
      ? [`Repaired: ${snapshotId} is published${replaced === null ? '' : `, in place of ${replaced}`}.`]
      : ['Nothing was repaired.']),
    ...(difference === null ? [] : [differenceLine(difference)]),
    ...(left === null ? [] : [closingSentence(left, setAside)]),
    ...(setAside === 0 ? [] : [`${count(setAside)} set aside, missing from the latest view: ${deadLetters}`]),
  ];
}

function closingSentence(left: RepairCheck, setAside: number): string {
  const { verdict, isRescanned, sourceItems, units } = left;
  const sentences = {
    agree: setAside === 0 ? 'Nothing differs any more.' : 'Nothing else differs any more.',
    differ:
      foundIn(left) > 0 ? `Differing still: ${counted(foundIn(left), 'key')}.` : 'Keys still come more than once.',
    capped: 'Whether anything differs still is not known: the read cap was reached.',
    unfinished: 'Whether anything differs still was not found out.',
  } as const;
  const how = isRescanned
    ? ` Read once more for that: ${counted(sourceItems, 'item')}, ${counted(units, 'read unit')}.`
    : '';
  return sentences[verdict] + how;
}

function tellLeft(table: string, left: NonNullable<RepairResult['check']>, output: Output): void {
  if (foundIn(left) > 0) {
    output.warn(
      `A change of the last minutes may be lost, and an older one counts over what was read: run \`tailrace gaps ${table} --fill\`, ` +
        'or this again in five minutes.',
    );
  }
  reportOpenKeys(table, left, output);
}
