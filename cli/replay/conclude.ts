import { afterSettingAside } from '../next-step/dead-letters.ts';
import type { ExitCode } from '../start.ts';
import { counted, isoTime, oneLine } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';
import { describeInput, type ReplayInput } from './input.ts';
import type { ReplayCounts } from './replay-report.ts';

/** How a replay ended. */
export type Conclusion = {
  readonly table: string;
  readonly input: ReplayInput;
  readonly dryRun: boolean;
  readonly counts: ReplayCounts;
  readonly setAside: number;
  /** Where dead letters are stored. */
  readonly directory: string;
  /** Of the published snapshot, in milliseconds since the epoch. */
  readonly floor: number | null;
};

/** Prints the result of a replay, and gives its exit code. */
export function conclude(conclusion: Conclusion, output: Output): ExitCode {
  const { table, input, dryRun, counts, setAside, directory, floor } = conclusion;
  const { records, lost, refused, belowFloor, pastHorizon } = counts;
  const result = {
    table,
    from: input.from,
    records,
    delivered: records - setAside,
    set_aside: setAside,
    dead_letters: setAside > 0 && !dryRun ? directory : null,
    lost,
    refused,
    below_floor: belowFloor,
    past_horizon: pastHorizon,
    dry_run: dryRun,
  };
  if (output.json) output.emit(result);
  else for (const line of linesOf(result, oneLine(describeInput(input)))) output.print(line);
  if (result.dead_letters !== null) output.note(afterSettingAside(table));
  if (floor !== null && !output.json) {
    const changed = (count: number) => `${counted(count, 'record')} changed before ${isoTime(floor)}`;
    if (pastHorizon > 0) {
      output.report(
        `${changed(pastHorizon)}, the horizon of a compaction: in the changelog, but too old to count in the state. ` +
          `Run \`tailrace backfill ${table}\`.`,
      );
    }
    if (belowFloor > pastHorizon) {
      output.note(
        `${changed(belowFloor - pastHorizon)}, the floor of the published snapshot: in the changelog, and without ` +
          'effect on the state, which goes back to a later reading of the items.',
      );
    }
  }
  return setAside + lost + refused + pastHorizon === 0 ? 0 : 1;
}

type Result = {
  readonly table: string;
  readonly records: number;
  readonly delivered: number;
  readonly set_aside: number;
  readonly dead_letters: string | null;
  readonly lost: number;
  readonly refused: number;
  readonly dry_run: boolean;
};

function linesOf(result: Result, input: string): string[] {
  const { table, records, delivered, set_aside, dead_letters, lost, refused, dry_run } = result;
  const would = dry_run ? 'would be ' : '';
  return [
    records === 0
      ? `No records in ${input}: nothing ${dry_run ? 'would be' : 'was'} written.`
      : `${counted(delivered, 'record')} of ${table} ${would}delivered, ${set_aside} ${would}set aside.`,
    ...(lost > 0 ? [`${counted(lost, 'range')} not recoverable.`] : []),
    ...(refused > 0 ? [`${refused} left as ${refused === 1 ? 'it was' : 'they were'}.`] : []),
    ...(dead_letters === null ? [] : [`Dead letters: ${dead_letters}`]),
  ];
}
