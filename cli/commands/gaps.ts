import { DeadLetterDirectory } from '../../src/delivery/dead-letter-directory.ts';
import { createStreamHandler } from '../../src/delivery/stream-handler.ts';
import type { GapRange } from '../../src/destination/gap-finder.ts';
import { requireSameTable } from '../../src/destination/same-table.ts';
import { TailraceError } from '../../src/errors.ts';
import { identity } from '../../src/privacy/transform.ts';
import { deliver } from '../../src/replay/deliver.ts';
import { gapSource } from '../../src/replay/gap-source.ts';
import { findGaps, type Gaps } from '../../src/replay/gaps.ts';
import { ParkedPositions } from '../../src/replay/parked-positions.ts';
import { NO_FLOORS } from '../../src/snapshot/floors.ts';
import { requireStream } from '../../src/source/usable-stream.ts';
import { CountedDeadLetters } from '../counted-dead-letters.ts';
import type { Dependencies } from '../dependencies.ts';
import { type Invocation, stateOf } from '../invocation.ts';
import { afterSettingAside } from '../next-step/dead-letters.ts';
import { openDeadLetters } from '../options/dead-letter-location.ts';
import { GAPS_LAG } from '../options/defaults.ts';
import { readingOf } from '../replay/reading.ts';
import { type ReplayReport, replayReport } from '../replay/replay-report.ts';
import type { ExitCode } from '../start.ts';
import { statePaths } from '../state/state-paths.ts';
import { count, counted } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';
import { terminalLog } from '../terminal/terminal-log.ts';
import { warnOfStreamReaders } from '../warnings/stream-shortcomings.ts';

export type GapsOptions = Invocation & {
  readonly table: string;
  readonly fill: boolean;
  /** In seconds; `undefined` for the endpoint's default. */
  readonly maxLag: number | undefined;
  /** The bucket of a Lambda's dead letters, `s3://bucket[/prefix]`, besides the state directory. */
  readonly s3: string | undefined;
};

/** Looks up the stream's changes in the changelog, prints those that are missing, and appends them with `--fill`. */
export async function gaps(options: GapsOptions, dependencies: Dependencies, output: Output): Promise<ExitCode> {
  const { clock, random, signal } = dependencies;
  using connection = await dependencies.connect(options.aws, terminalLog(output));
  const description = await connection.tables.describe(options.table);
  await using destination = await dependencies.openDestination(options.destination);
  await requireSameTable(description.table, destination);
  const { arn: streamArn } = requireStream(description);
  await warnOfStreamReaders(description, streamArn, connection, output);
  const parked = await parkedIn(streamArn, options, dependencies);

  const log = terminalLog(output);
  const reading = await readingOf(options.table, connection, { clock, random, log });
  const lag = options.maxLag ?? (connection.isLocal ? GAPS_LAG.local : GAPS_LAG.remote);
  using report = replayReport(options.table, clock, output);
  await using found = await findGaps(
    {
      ...reading,
      streamArn,
      table: description.table,
      destination,
      transform: identity,
      isParked: (sequenceNumber, time) => parked.has(sequenceNumber, time),
      lagCutoff: reading.startedAt - lag * 1_000,
      events: report,
      signal,
      onProgress: report.read,
    },
    random.hex(16),
  );
  refuseInterrupted(signal, options.table);
  for await (const range of found.ranges()) writeRange(range, output);

  const deadLetters = new CountedDeadLetters(
    new DeadLetterDirectory(statePaths(stateOf(options, options.table)).deadLetters),
  );
  if (options.fill && found.counts.missing > 0) {
    const handler = createStreamHandler({
      source: description.table,
      destination,
      deadLetters,
      transform: identity,
      origin: 'replay',
      clock,
      log,
    });
    const pages = gapSource(found.ranges(), { ...reading, streamArn }, report);
    await deliver(pages, { handlerFor: () => handler, signal, onPage: (page) => report.page(page, NO_FLOORS) });
    refuseInterrupted(signal, options.table);
  }
  report[Symbol.dispose]();
  return conclude(options, found, report, deadLetters.count, output);
}

/** The changes of a stream that are dead letters, in the state directory and in the Lambda's bucket if that is given. */
async function parkedIn(
  streamArn: string,
  { table, s3: bucket, ...options }: GapsOptions,
  dependencies: Dependencies,
): Promise<ParkedPositions> {
  const parked = new ParkedPositions();
  for (const s3 of bucket === undefined ? [undefined] : [undefined, bucket]) {
    using store = await openDeadLetters({ ...options, table, s3 }, dependencies);
    await parked.addAll(store, table, streamArn);
  }
  return parked;
}

function refuseInterrupted(signal: AbortSignal, table: string): void {
  if (signal.aborted)
    throw new TailraceError('interrupted', `The search for gaps in ${table} was stopped before its end`);
}

function writeRange({ status, shardId, from, to, records }: GapRange, output: Output): void {
  if (output.json) output.emit({ status, shard_id: shardId, from, to, records });
  else output.print(`${status.padEnd(9)}  shard ${shardId} from ${from} to ${to}, ${counted(records, 'record')}`);
}

function conclude(
  { table, fill }: GapsOptions,
  { counts }: Gaps,
  { counts: { records, lost } }: ReplayReport,
  setAside: number,
  output: Output,
): ExitCode {
  const { streamed, missing, parked } = counts;
  const filled = fill ? records - setAside : 0;
  const inFlight = counts['in-flight'];
  if (output.json)
    output.emit({ table, streamed, missing, parked, in_flight: inFlight, filled, set_aside: setAside, lost });
  else {
    // A range that could not be read proves nothing.
    if (lost > 0) output.print(`Unproven: ${counted(lost, 'range')} that the stream dropped before it was read.`);
    const nothing = lost > 0 ? 'Nothing else is missing' : 'Nothing is missing';
    output.print(
      `${missing === 0 ? nothing : `${counted(missing, 'change')} missing`} of ` +
        `${counted(streamed, 'change')} that the stream of ${table} holds; ${count(parked)} parked, ${count(inFlight)} in flight.`,
    );
    if (fill && missing > 0) output.print(`${count(filled)} appended, ${count(setAside)} set aside.`);
    else if (missing > 0) output.report(`Next: \`tailrace gaps ${table} --fill\`.`);
  }
  if (setAside > 0) output.note(afterSettingAside(table));
  // Also after all of it was appended: a nightly run must show that changes went missing.
  return missing === 0 && lost === 0 ? 0 : 1;
}
