import { runSample, type SampleResult } from '../../../backfill/verify/verify-sample.ts';
import { removeEmpty } from '../../../src/in-folder.ts';
import type { Dependencies } from '../../dependencies.ts';
import { stateOf } from '../../invocation.ts';
import type { ExitCode } from '../../start.ts';
import { statePaths } from '../../state/state-paths.ts';
import { count, counted, duration } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import { terminalLog } from '../../terminal/terminal-log.ts';
import { nextStep } from './next-step.ts';
import {
  countsOf,
  reportBounds,
  reportOpenKeys,
  showProgress,
  VERIFY_EXIT_CODES,
  verifyReport,
  verifySummary,
} from './report.ts';
import type { VerifyOptions } from './verify-options.ts';
import { comparisonOptionsOf } from './verify-options.ts';

export type VerifySampleOptions = VerifyOptions & { readonly sample: number; readonly segments: number };

/** Compares a random part of the table with the latest view, and prints what differs and what it can't see. */
export async function verifySample(
  options: VerifySampleOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  const { table, sample, segments } = options;
  using connection = await dependencies.connect(options.aws, terminalLog(output));
  await using destination = await dependencies.openDestination(options.destination);

  const { verifyRows } = statePaths(stateOf(options, table));
  using report = verifyReport(table, dependencies.clock, output);
  const found = await runSample({
    ...comparisonOptionsOf(options, connection, dependencies),
    destination,
    segments,
    spool: verifyRows,
    share: sample / 100,
    onFinding: report.finding,
    onProgress: (progress) => showProgress(report, { ...progress, aboutItems: 0 }),
  }).finally(() => removeEmpty(verifyRows, verifyRows));
  report[Symbol.dispose]();

  if (output.json) output.emit(summaryOf(options, found));
  else for (const line of linesOf(table, found)) output.print(line);
  reportOpenKeys(table, found, output);
  reportBounds(found, output);
  if (found.wholeUnits !== null && found.units > found.wholeUnits) {
    output.note(
      `Comparing all of ${table} takes about ${counted(found.wholeUnits, 'read unit')}, which is less: items are small, ` +
        'and a read by key costs a whole unit at least.',
    );
  }
  const next = nextStep(options, found, false);
  if (next !== null) output.note(next);
  return VERIFY_EXIT_CODES[found.verdict];
}

function summaryOf({ table, sample }: VerifySampleOptions, found: SampleResult) {
  const { parts, totalParts, totalRows } = found;
  return { ...verifySummary(table, found), sample, parts, total_parts: totalParts, total_rows: totalRows };
}

const VERDICTS = {
  agree: 'Nothing differs in the sample',
  differ: 'They differ',
  capped: 'Stopped at the cap, nothing found so far',
  unfinished: 'Not found out',
} as const;

function linesOf(table: string, found: SampleResult): string[] {
  const { verdict, sourceItems, latestItems, totalRows, whole, units, durationMs } = found;
  return [
    `${VERDICTS[verdict]}: ${counted(sourceItems, 'item')} of ${table} scanned, ` +
      `${count(latestItems)} of ${counted(totalRows, 'row')} of the latest view looked up; ` +
      `${countsOf(found)}; ${counted(whole, 'item')} compared whole; ${counted(units, 'read unit')}; ${duration(durationMs)}.`,
    ...notSeen(found),
  ];
}

/** What a sample can't see; nothing if it was the whole. */
function notSeen({ latestItems, parts, totalParts, totalRows }: SampleResult): string[] {
  const unseen = [
    ...(parts < totalParts
      ? [`what is missing outside of the ${counted(parts, 'part')} of ${count(totalParts)} that were scanned`]
      : []),
    ...(latestItems < totalRows ? ['what is extra or different among the other rows'] : []),
  ];
  return unseen.length === 0 ? [] : [`Not seen: ${unseen.join(', and ')}.`];
}
