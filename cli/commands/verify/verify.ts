import { DEFAULT_SEGMENTS } from '../../../backfill/backfill-options.ts';
import { LEAST_CAP, runVerify } from '../../../backfill/verify/verify.ts';
import { DEFAULT_MAX_FINDINGS, DEFAULT_WHOLE } from '../../../backfill/verify/verify-options.ts';
import { TailraceError } from '../../../src/errors.ts';
import { removeEmpty } from '../../../src/in-folder.ts';
import type { Dependencies } from '../../dependencies.ts';
import { stateOf } from '../../invocation.ts';
import { readPercent, SEGMENTS_OPTION, TABLE_ARGUMENT, wholeNumberReader } from '../../options/declarations.ts';
import type { Root } from '../../root.ts';
import { examples } from '../../root.ts';
import type { ExitCode, Start } from '../../start.ts';
import { statePaths } from '../../state/state-paths.ts';
import type { Output } from '../../terminal/output.ts';
import { terminalLog } from '../../terminal/terminal-log.ts';
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
import { comparisonOptionsOf, DEFAULT_LAG } from './verify-options.ts';

export function declareVerify(root: Root, start: Start): void {
  const command = root
    .command('verify')
    .summary('prove that table and latest view agree')
    .description(
      'Compares every item of a DynamoDB table with the latest view, both ways. Works while the table is written to: a ' +
        'difference counts only if it is still there after the stream had time to deliver. Prints each finding with its ' +
        'key: missing (in the table only), extra (in the view only) or different. Exit code 0: they agree; 1: they ' +
        'differ, or the read cap was reached; 2: the comparison could not be finished.',
    )
    .argument(...TABLE_ARGUMENT)
    .option('--sample <percent>', 'compare only a random part of both sides; reports what it can not see', readPercent)
    .option(
      '--repair',
      'if they differ, publish a snapshot of what was read; reports what changed; the exit code stays 1',
    )
    .option(...SEGMENTS_OPTION)
    .option(
      '--max-lag <seconds>',
      'how long a change may take from the table to the view ' +
        `(default: ${DEFAULT_LAG.remote}; ${DEFAULT_LAG.local} on a loopback endpoint)`,
      wholeNumberReader(0, 3_600),
    )
    .option(
      '--max-read-units <number>',
      'never use more read units than this; compare only what was read by then (exit code 1)',
      wholeNumberReader(1, Number.MAX_SAFE_INTEGER),
    )
    .option(
      '--rate <number>',
      'read units per second, for all segments and rechecks together',
      wholeNumberReader(1, 10_000_000),
    )
    .option(
      '--max-findings <number>',
      'list at most this many findings: each takes about fourteen reads to be certain',
      wholeNumberReader(1, Number.MAX_SAFE_INTEGER),
      DEFAULT_MAX_FINDINGS,
    )
    .option(
      '--whole <number>',
      'random items that are compared in full, not only by digest',
      wholeNumberReader(0, 100_000),
      DEFAULT_WHOLE,
    )
    .addHelpText(
      'after',
      examples(
        'tailrace verify orders --destination duckdb:shop.duckdb',
        'tailrace verify orders --destination duckdb:shop.duckdb --json > findings.jsonl',
        'tailrace verify orders --destination bigquery:my-project.shop --sample 1 --max-read-units 100000',
        'tailrace verify orders --destination duckdb:shop.duckdb --repair',
      ),
    );
  command.action((table, own) =>
    start(command.optsWithGlobals(), table, (invocation, dependencies, output) =>
      verify(
        {
          ...invocation,
          table,
          segments: own.segments,
          maxLag: own.maxLag,
          maxReadUnits: own.maxReadUnits,
          rate: own.rate,
          maxFindings: own.maxFindings,
          whole: own.whole,
          sample: own.sample,
          repair: own.repair ?? false,
        },
        dependencies,
        output,
      ),
    ),
  );
}

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
  reportBounds(table, found, output);
  return VERIFY_EXIT_CODES[found.verdict];
}
