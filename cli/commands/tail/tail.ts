import { DeadLetterDirectory } from '../../../src/delivery/dead-letter-directory.ts';
import { createStreamHandler } from '../../../src/delivery/stream-handler.ts';
import type { Destination } from '../../../src/destination/destination.ts';
import { requireSameTable } from '../../../src/destination/same-table.ts';
import { streamArn } from '../../../src/order/stream-arn.ts';
import { identity } from '../../../src/privacy/transform.ts';
import { sightingOf } from '../../../src/source/sighting.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import { requireStream } from '../../../src/source/usable-stream.ts';
import { type LoadedCheckpoint, loadCheckpoint, saveCheckpoint } from '../../../src/stream/checkpoint-file.ts';
import { followStream } from '../../../src/stream/follow.ts';
import { describeLoss } from '../../../src/stream/loss.ts';
import { CountedDeadLetters } from '../../counted-dead-letters.ts';
import type { Dependencies } from '../../dependencies.ts';
import { type Invocation, stateOf } from '../../invocation.ts';
import { afterSettingAside } from '../../next-step/dead-letters.ts';
import type { ExitCode } from '../../start.ts';
import { lockForProcess } from '../../state/process-lock.ts';
import { requireWritable } from '../../state/require-writable.ts';
import { statePaths } from '../../state/state-paths.ts';
import { counted } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import { terminalLog } from '../../terminal/terminal-log.ts';
import { warnOfStreamReaders, warnOfViewType } from '../../warnings/stream-shortcomings.ts';
import { describeUnproven } from '../../warnings/unproven-changes.ts';
import { tailReport } from './report.ts';

export type TailOptions = Invocation & { readonly table: string };

/** Follows the table's stream until the signal aborts, or until the stream is off and read to its end. */
export async function tail(options: TailOptions, dependencies: Dependencies, output: Output): Promise<ExitCode> {
  const { clock, random, signal } = dependencies;
  using connection = await dependencies.connect(options.aws, terminalLog(output));
  const description = await connection.tables.describe(options.table);
  await using destination = await dependencies.openDestination(options.destination);
  await requireSameTable(description.table, destination);
  const stream = requireStream(description);
  const arn = streamArn(stream.arn);
  const state = stateOf(options, options.table);
  await requireWritable(state);
  const paths = statePaths(state);
  await using _lock = await lockForProcess(paths.tailLock, `A tail of ${options.table}`);
  const loaded = await loadCheckpoint(paths.checkpoint, arn, destination.name, description.table.tableId);
  const { created } = await destination.prepare(description.table, identity.generation, sightingOf(description));
  if (created.length > 0) output.note(`Created in ${destination.name}: ${created.join(', ')}.`);
  warnOfViewType(stream, output);
  await warnOfStreamReaders(description, arn.text, connection, output);
  await warnOfLostChanges(description.table, arn.label, loaded, destination, output);

  const deadLetters = new CountedDeadLetters(new DeadLetterDirectory(paths.deadLetters));
  const log = terminalLog(output);
  const report = tailReport(options.table, deadLetters, clock, output);
  report.started(arn.text, destination.name, loaded.checkpoint.shards.size > 0, paths.checkpoint);
  try {
    const { reason, records, lost } = await followStream({
      client: connection.streams,
      checkpoint: loaded.checkpoint,
      save: (checkpoint) => saveCheckpoint(paths.checkpoint, checkpoint),
      handler: createStreamHandler({
        source: description.table,
        destination,
        deadLetters,
        transform: identity,
        origin: 'tail',
        clock,
        log,
      }),
      clock,
      random,
      log,
      signal: AbortSignal.any([signal, output.closed]),
      onProgress: report.progress,
    });
    report.done(reason, records, lost);
    if (deadLetters.count > 0) {
      output.note(
        `${counted(deadLetters.count, 'dead letter')} in ${paths.deadLetters}. ${afterSettingAside(options.table)}`,
      );
    }
    return reason === 'ended' && (lost.length > 0 || deadLetters.count > 0) ? 1 : 0;
  } finally {
    report.close();
  }
}

async function warnOfLostChanges(
  table: SourceTable,
  label: string,
  { checkpoint, replaced }: LoadedCheckpoint,
  destination: Destination,
  output: Output,
): Promise<void> {
  if (replaced)
    output.warn(
      replaced.by === 'another table'
        ? `Table ${table.name} was created again since; the checkpoint of the earlier one is copied to ${replaced.copiedTo}.`
        : `The stream of ${table.name} was switched off and on since; its checkpoint is copied to ${replaced.copiedTo}.`,
    );
  const unproven = describeUnproven(table.name, await destination.published(table), label);
  if (unproven) output.warn(unproven);
  for (const range of checkpoint.lost) output.warn(`Lost in an earlier run: ${describeLoss(range)}.`);
}
