import { DEFAULT_SEGMENTS } from '../../../backfill/backfill-options.ts';
import { LEAST_CAP, runVerify } from '../../../backfill/verify/verify.ts';
import { TailraceError } from '../../../src/errors.ts';
import { removeEmpty } from '../../../src/in-folder.ts';
import type { Dependencies } from '../../dependencies.ts';
import { stateOf } from '../../invocation.ts';
import type { ExitCode } from '../../start.ts';
import { statePaths } from '../../state/state-paths.ts';
import type { Output } from '../../terminal/output.ts';
import { terminalLog } from '../../terminal/terminal-log.ts';
import { nextStep } from './next-step.ts';
import { verifyRepair } from './repair.ts';
import {
  reportBounds,
  reportOpenKeys,
  showProgress,
  VERIFY_EXIT_CODES,
  verifyReport,
  verifySentence,
  verifySummary,
} from './report.ts';
import { verifySample } from './sample.ts';
import type { VerifyOptions } from './verify-options.ts';
import { comparisonOptionsOf } from './verify-options.ts';

/** Compares the table with the latest view, and prints what differs. */
export async function verify(options: VerifyOptions, dependencies: Dependencies, output: Output): Promise<ExitCode> {
  const { table, sample, repair, maxReadUnits, segments = DEFAULT_SEGMENTS } = options;
  if (sample !== undefined && repair) {
    throw new TailraceError('usage-invalid', "--repair and --sample can't be given together", {
      remedy: 'Only what was read whole can be published: leave --sample out.',
    });
  }
  if (maxReadUnits !== undefined && maxReadUnits < LEAST_CAP) {
    output.warn(
      `No page of a scan may be read within --max-read-units ${maxReadUnits}: give ${LEAST_CAP} or more, of which a tenth is reserved for rechecks.`,
    );
  }
  if (repair) return verifyRepair(options, dependencies, output);
  if (sample !== undefined) return verifySample({ ...options, sample, segments }, dependencies, output);
  using connection = await dependencies.connect(options.aws, terminalLog(output));
  await using destination = await dependencies.openDestination(options.destination);

  const { verifyRows } = statePaths(stateOf(options, table));
  using report = verifyReport(table, dependencies.clock, output);
  const found = await runVerify({
    ...comparisonOptionsOf(options, connection, dependencies),
    destination,
    segments,
    spool: verifyRows,
    onFinding: report.finding,
    onProgress: (progress) => showProgress(report, progress),
  }).finally(() => removeEmpty(verifyRows, verifyRows));
  report[Symbol.dispose]();

  if (output.json) output.emit(verifySummary(table, found));
  else output.print(verifySentence(table, found));
  reportOpenKeys(table, found, output);
  reportBounds(found, output);
  const next = nextStep(options, found, true);
  if (next !== null) output.note(next);
  return VERIFY_EXIT_CODES[found.verdict];
}
