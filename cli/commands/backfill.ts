import { type BackfillResult, runBackfill } from '../../backfill/backfill.ts';
import { DeadLetterDirectory } from '../../src/delivery/dead-letter-directory.ts';
import { identity } from '../../src/privacy/transform.ts';
import type { Dependencies } from '../dependencies.ts';
import type { ExitCode } from '../exit-code.ts';
import { type Invocation, stateOf } from '../invocation.ts';
import type { Start } from '../program.ts';
import type { Root } from '../root.ts';
import { statePaths } from '../state/state-paths.ts';
import { examples } from '../terminal/examples.ts';
import { count, counted, duration } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';
import { terminalLog } from '../terminal/terminal-log.ts';
import { wholeNumber } from '../whole-number.ts';
import { backfillReport } from './backfill-report.ts';

export type BackfillOptions = Invocation & {
  readonly table: string;
  readonly segments: number;
  /** In seconds; `undefined` for what fits the endpoint. */
  readonly minStreamAge: number | undefined;
};

/** Four at once read a small table as fast as a laptop can encode it, and leave most of its capacity to others. */
const DEFAULT_SEGMENTS = 4;

/** A stream this old surely keeps every change. Servers on this machine do so at once. */
const DEFAULT_STREAM_AGE = 60;

export function declareBackfill(root: Root, start: Start): void {
  const command = root
    .command('backfill')
    .summary('read a whole table once')
    .description(
      'Reads a whole DynamoDB table into a snapshot and makes the latest view stand on it. The table may be written to ' +
        'meanwhile: what the stream brings counts over what the scan saw. Nobody sees the snapshot before it is whole. ' +
        'A later backfill repairs whatever was lost before it.',
    )
    .argument('<table>', 'name of the DynamoDB table')
    .option('--segments <number>', 'parts of the table that are read at once', wholeNumber(1, 1_000), DEFAULT_SEGMENTS)
    .option(
      '--min-stream-age <seconds>',
      `how long a young stream must have been on before the reading (default: ${DEFAULT_STREAM_AGE}; 0 on a loopback endpoint)`,
      wholeNumber(0, 86_400),
    )
    .addHelpText(
      'after',
      examples(
        'tailrace backfill orders --destination duckdb:shop.duckdb',
        'tailrace backfill orders --destination duckdb:shop.duckdb --segments 16 --json',
      ),
    );
  command.action((table, { segments, minStreamAge }) =>
    start(command.optsWithGlobals(), table, (invocation, dependencies, output) =>
      backfill({ ...invocation, table, segments, minStreamAge }, dependencies, output),
    ),
  );
}

/** Reads the table into a snapshot and publishes it. */
export async function backfill(
  options: BackfillOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  const { table, segments } = options;
  const { clock, random, signal, actor } = dependencies;
  using source = await dependencies.connect(options.aws);
  await using destination = await dependencies.openDestination(options.destination);
  const { deadLetters } = statePaths(stateOf(options, table));
  const minStreamAge = options.minStreamAge ?? (source.isLocal ? 0 : DEFAULT_STREAM_AGE);

  using report = backfillReport(table, clock, output);
  const found = await runBackfill({
    table,
    reader: source.tables,
    streams: source.streams,
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
    onProgress: report.progress,
  });
  report.done();

  const directory = found.setAside > 0 ? deadLetters : null;
  if (output.json) output.emit(objectOf(options, found, directory));
  else for (const line of linesOf(table, found, directory)) output.print(line);
  return found.setAside === 0 ? 0 : 1;
}

function objectOf({ table, destination }: BackfillOptions, found: BackfillResult, deadLetters: string | null) {
  return {
    table,
    destination,
    snapshot_id: found.snapshotId,
    replaced_snapshot_id: found.replaced,
    items: found.items,
    set_aside: found.setAside,
    dead_letters: deadLetters,
    read_units: found.units,
    duration_ms: Math.round(found.durationMs),
  };
}

function linesOf(table: string, found: BackfillResult, deadLetters: string | null): string[] {
  const { items, units, durationMs, snapshotId, replaced, setAside } = found;
  return [
    `${counted(items, 'item')} of ${table} in ${duration(durationMs)}, ${counted(units, 'read unit')}.`,
    replaced === null ? `Published: ${snapshotId}.` : `Published: ${snapshotId}, in place of ${replaced}.`,
    ...(deadLetters === null ? [] : [`${count(setAside)} set aside, missing from the latest view: ${deadLetters}`]),
  ];
}
