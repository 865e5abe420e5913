import { DeadLetterDirectory } from '../../src/delivery/dead-letter-directory.ts';
import { createStreamHandler } from '../../src/delivery/stream-handler.ts';
import type { KnownTable } from '../../src/destination/known-table.ts';
import { findKnown } from '../../src/destination/same-table.ts';
import { TailraceError } from '../../src/errors.ts';
import { identity, type Transform } from '../../src/privacy/transform.ts';
import { deliver } from '../../src/replay/deliver.ts';
import type { SourceTable } from '../../src/source/source-table.ts';
import { CountedDeadLetters } from '../counted-dead-letters.ts';
import type { Connection, Dependencies } from '../dependencies.ts';
import { type Invocation, stateOf } from '../invocation.ts';
import { conclude } from '../replay/conclude.ts';
import { describeInput, type ReplayInput } from '../replay/input.ts';
import { openLocation, untouched, withRegionOf } from '../replay/location.ts';
import { prepareFailedBatchReplay, prepareStreamReplay } from '../replay/prepare-replay.ts';
import { lazily } from '../replay/reading.ts';
import { replayDestination } from '../replay/replay-destination.ts';
import { replayReport } from '../replay/replay-report.ts';
import { seenTable } from '../replay/same-table.ts';
import { givenStream, tableOfFiles, tablesIn } from '../replay/table-of-files.ts';
import type { ExitCode } from '../start.ts';
import { statePaths } from '../state/state-paths.ts';
import { storedDestination } from '../state/stored-destination.ts';
import type { Output } from '../terminal/output.ts';
import { terminalLog } from '../terminal/terminal-log.ts';

export type ReplayOptions = Invocation & {
  readonly table: string;
  readonly input: ReplayInput;
  /** The stream of records that don't name it, or to be read instead of the table's own. */
  readonly streamArn: string | undefined;
  readonly dryRun: boolean;
};

/** Delivers records again. An input that is refused as a whole is refused before anything is written. */
export async function replay(options: ReplayOptions, dependencies: Dependencies, output: Output): Promise<ExitCode> {
  const { table: name, input, dryRun } = options;
  const { clock, signal } = dependencies;
  const directory = stateOf(options, name);
  const stream = givenStream(name, options.streamArn);
  let region = input.from === 'queue' ? input.url : stream?.text;
  await using connected = lazily(() => dependencies.connect(withRegionOf(options.aws, region), terminalLog(output)));
  using location = await openLocation(input, options.aws, dependencies, directory);
  const asked = { table: name, stream };
  using report = replayReport(name, clock, output);
  const tableArns = location && input.from === 'file' ? await tablesIn(location, asked, report, signal) : [];
  const isEmpty = input.from === 'file' && tableArns.length === 0;
  const seen = location ? null : await seenTable(options, stream, await connected(), dependencies);
  await using destination = dryRun || isEmpty ? null : await dependencies.openDestination(options.destination);
  const known = seen?.known ?? (destination && (await findKnown(name, destination))) ?? null;
  const isLenient = location?.isLenient ?? true;
  const table = isEmpty
    ? unknownTable(name)
    : tableArns.length > 0
      ? tableOfFiles(tableArns, asked, known, isLenient)
      : await tableOf(name, known, connected);
  region ??= table.arn;

  const log = terminalLog(output);
  const reading = { ...dependencies, log };
  const { source, done } = location
    ? prepareFailedBatchReplay(
        destination ? location : untouched(location),
        { known: known ?? neverSeen(table), stream, isChecked: !isLenient && (known?.seen ?? null) === null },
        connected,
        reading,
        report,
      )
    : await prepareStreamReplay(
        {
          seen: seen ?? { known: neverSeen(table), description: null },
          streamArn: options.streamArn,
          range: input.from === 'shard' ? input.range : null,
          state: destination && { destination: storedDestination(options, destination.name), directory },
          events: report,
          output,
        },
        await connected(),
        reading,
      );

  const paths = statePaths(directory);
  const deadLetters = new CountedDeadLetters(
    destination ? new DeadLetterDirectory(paths.deadLetters) : { put: async () => {} },
  );
  const writer = replayDestination(destination, seen?.known.seen ?? null, output);
  const handler = (transform: Transform) =>
    createStreamHandler({
      source: table,
      destination: writer.appender,
      deadLetters,
      transform,
      origin: 'replay',
      clock,
      log,
    });
  await deliver(source, {
    handlerFor: (rules) => handler(rules === null ? identity : { ...identity, rules }),
    signal,
    onPage: (page) => report.page(page, writer.floors()),
  });
  if (signal.aborted) {
    throw new TailraceError('interrupted', `The replay of ${describeInput(input)} was stopped before its end`);
  }
  await done();
  report[Symbol.dispose]();
  const { counts } = report;
  const ending = { table: name, input, dryRun, counts, setAside: deadLetters.count, floor: writer.floors().published };
  return conclude({ ...ending, directory: paths.deadLetters }, output);
}

/** The table of an input without records. */
function unknownTable(name: string): SourceTable {
  return { name, arn: '', tableId: null };
}

function neverSeen(source: SourceTable): KnownTable {
  return { source, seen: null };
}

/**
 * The table as the destination knows it, or else as DynamoDB does: a bucket can be replayed without DynamoDB, even after the
 * table is gone.
 */
async function tableOf(
  name: string,
  known: KnownTable | null,
  connected: () => Promise<Connection>,
): Promise<SourceTable> {
  return known?.source ?? (await (await connected()).tables.describe(name)).table;
}
