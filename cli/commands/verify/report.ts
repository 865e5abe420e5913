import type { RepairProgress } from '../../../backfill/verify/repair.ts';
import type { VerifyFinding, VerifyProgress, VerifyResult } from '../../../backfill/verify/verify.ts';
import type { ComparisonResult } from '../../../backfill/verify/verify-options.ts';
import type { Clock } from '../../../src/clock.ts';
import type { ExitCode } from '../../start.ts';
import { count, counted, duration, oneLine } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import { createRate } from '../../terminal/rate.ts';
import { repeatedKeysLine, type ScanProgress, scanLine } from '../../terminal/scan-report.ts';

export const VERIFY_EXIT_CODES = { agree: 0, differ: 1, capped: 1, unfinished: 2 } as const satisfies Record<
  VerifyResult['verdict'],
  ExitCode
>;

/** Shows a comparison's progress, and each finding as soon as it is certain. */
export interface VerifyReport extends Disposable {
  scanning(progress: ScanProgress): void;
  comparing(progress: Pick<VerifyProgress, 'phase' | 'open'>): void;
  finding(finding: VerifyFinding): void;
  /** As {@link finding}, of a key that still differs after a repair. */
  remaining(finding: VerifyFinding): void;
}

export function verifyReport(table: string, clock: Clock, output: Output): VerifyReport {
  const line = output.progress();
  const rate = createRate(clock);
  const write = (found: VerifyFinding, more: { readonly left?: true }) => {
    const { finding, key, reason } = found;
    line.clear();
    if (output.json) output.emit({ finding, key, ...more, ...(reason !== undefined && { reason }) });
    else output.print(`${more.left ? 'still ' : ''}${lineOf(found)}`);
  };
  return {
    scanning: (progress) => line.update(scanLine(table, progress, rate.perSecond(progress.items))),
    comparing({ phase, open }) {
      const text = phase === 'rechecking' ? `rechecking ${counted(open, 'key')}` : 'comparing';
      line.update({ text: `${table}: ${text}` });
    },
    finding: (finding) => write(finding, {}),
    remaining: (finding) => write(finding, { left: true }),
    [Symbol.dispose]: () => line.stop(),
  };
}

function lineOf({ finding, key, reason }: VerifyFinding): string {
  const why = reason === undefined ? '' : `  ${reason}`;
  return oneLine(`${finding.padEnd(9)}  ${key ?? '(a key that can not be carried)'}${why}`);
}

/** The result of a comparison, as data. */
export function verifySummary(table: string, found: VerifyResult) {
  return {
    agree: found.verdict === 'agree',
    verdict: found.verdict,
    table,
    items: found.sourceItems,
    rows: found.latestItems,
    missing: found.missing,
    extra: found.extra,
    different: found.different,
    repeated: found.repeated,
    unlisted: found.unlisted,
    changing: found.changing,
    unsettled: found.unsettled,
    unexamined: found.unexamined,
    compared_whole: found.whole,
    capped: found.isCapped,
    read_units: found.units,
    duration_ms: Math.round(found.durationMs),
  };
}

const VERDICTS = {
  agree: 'They agree',
  differ: 'They differ',
  capped: 'Stopped at the cap, nothing found so far',
  unfinished: 'Not found out',
} as const;

/** The result of a comparison, as a sentence. */
export function verifySentence(table: string, found: VerifyResult): string {
  const { verdict, sourceItems, latestItems, whole, units, durationMs } = found;
  return (
    `${VERDICTS[verdict]}: ${counted(sourceItems, 'item')} in ${table}, ${counted(latestItems, 'row')} in the latest view; ` +
    `${countsOf(found)}; ` +
    `${counted(whole, 'item')} compared whole; ${counted(units, 'read unit')}; ${duration(durationMs)}.`
  );
}

/** How many keys differ, and how. */
export function countsOf({ missing, extra, different, repeated }: ComparisonResult): string {
  const again = repeated === 0 ? '' : `, ${count(repeated)} repeated`;
  return `${count(missing)} missing, ${count(extra)} extra, ${count(different)} different${again}`;
}

/** Shows a comparison's progress. */
export function showProgress(report: VerifyReport, progress: RepairProgress): void {
  if (progress.phase === 'scanning') report.scanning(progress);
  else report.comparing(progress);
}

/** Reports that the read cap left items unread. */
export function reportBounds({ isCapped }: VerifyResult, output: Output): void {
  if (isCapped) output.warn('The read cap was reached: the items that were not read are not compared.');
}

/** Reports what a comparison leaves open, and what to do about it. */
export function reportOpenKeys(table: string, found: ComparisonResult, output: Output): void {
  const { unlisted, changing, unsettled, unexamined, isCapped, repeated } = found;
  if (repeated > 0) output.warn(`${repeatedKeysLine(table, repeated)} No repair changes that: mend it in the table.`);
  if (unlisted > 0) {
    output.note(
      `Not listed: ${counted(unlisted, 'more difference')} of ${table}. Give a higher --max-findings to list them.`,
    );
  }
  if (changing > 0) {
    output.note(
      `${counted(changing, 'key')} of ${table} changed all the time, and the latest view followed: not a difference.`,
    );
  }
  if (unsettled > 0) {
    output.warn(
      `${counted(unsettled, 'key')} of ${table} stayed unsettled: the latest view does not keep up with them. ` +
        `See \`tailrace status ${table}\`, and run this again.`,
    );
  }
  if (unexamined > 0) {
    const why = isCapped
      ? 'the read cap was reached. Give a higher --max-read-units'
      : 'the findings were enough. Give --max-findings';
    output.warn(`${counted(unexamined, 'more key')} of ${table} may differ: ${why} to know.`);
  }
}
