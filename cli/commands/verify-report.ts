import type { VerifyFinding, VerifyProgress, VerifyResult } from '../../backfill/verify.ts';
import type { Clock } from '../../src/clock.ts';
import type { ExitCode } from '../exit-code.ts';
import { count, counted, duration } from '../terminal/format.ts';
import { oneLine } from '../terminal/one-line.ts';
import type { Output } from '../terminal/output.ts';
import { createRate } from '../terminal/rate.ts';
import { scanLine } from './scan-line.ts';

export const VERIFY_EXIT_CODES = { agree: 0, differ: 1, capped: 1, unfinished: 2 } as const satisfies Record<
  VerifyResult['verdict'],
  ExitCode
>;

/** Shows how a comparison goes, and what it finds as it is found. */
export interface VerifyReport extends Disposable {
  progress(progress: VerifyProgress): void;
  finding(finding: VerifyFinding): void;
}

export function verifyReport(table: string, clock: Clock, output: Output): VerifyReport {
  const line = output.progress();
  const rate = createRate(clock);
  return {
    progress(progress) {
      const { phase, items, open } = progress;
      if (phase === 'scanning') line.update(scanLine(table, progress, rate.perSecond(items)));
      else if (phase === 'comparing') line.update({ text: `${table}: comparing` });
      else line.update({ text: `${table}: looking again at ${counted(open, 'key')}` });
    },
    finding({ finding, key, reason }) {
      line.clear();
      if (output.json) output.emit({ finding, key, ...(reason !== undefined && { reason }) });
      else output.print(lineOf({ finding, key, ...(reason !== undefined && { reason }) }));
    },
    [Symbol.dispose]: () => line.stop(),
  };
}

function lineOf({ finding, key, reason }: VerifyFinding): string {
  const why = reason === undefined ? '' : `  ${reason}`;
  return oneLine(`${finding.padEnd(9)}  ${key ?? '(a key that can not be carried)'}${why}`);
}

/** What a comparison came to, as data. */
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

/** The sentence that tells what a comparison came to. */
export function verifySentence(table: string, found: VerifyResult): string {
  const { verdict, sourceItems, latestItems, missing, extra, different, whole, units, durationMs } = found;
  return (
    `${VERDICTS[verdict]}: ${counted(sourceItems, 'item')} in ${table}, ${counted(latestItems, 'row')} in the latest view; ` +
    `${count(missing)} missing, ${count(extra)} extra, ${count(different)} different; ` +
    `${counted(whole, 'item')} compared whole; ${counted(units, 'read unit')}; ${duration(durationMs)}.`
  );
}

/** Tells what a comparison leaves open, and what to do about it. */
export function tellOpenKeys(table: string, found: VerifyResult, output: Output): void {
  const { changing, unsettled, unexamined, isCapped } = found;
  if (changing > 0) {
    output.note(
      `${counted(changing, 'key')} of ${table} changed all the time, and the latest view followed: not a difference.`,
    );
  }
  if (unsettled > 0) {
    output.warn(
      `${counted(unsettled, 'key')} of ${table} could not be settled: the latest view does not keep up with them. ` +
        `See \`tailrace status ${table}\`, and run it again.`,
    );
  }
  if (isCapped) {
    output.warn(
      `The read cap was reached: only the items that were read were compared, and ${counted(unexamined, 'key')} that ` +
        'may differ were not looked at. Run it again with a higher --max-read-units.',
    );
  } else if (unexamined > 0) {
    output.warn(
      `${counted(unexamined, 'more key')} may differ: the findings were enough. Give --max-findings to see more.`,
    );
  }
}
