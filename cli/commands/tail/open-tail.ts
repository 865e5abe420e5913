import type { Destination } from '../../../src/destination/destination.ts';
import { requireSameTable } from '../../../src/destination/same-table.ts';
import { streamArn } from '../../../src/order/stream-arn.ts';
import { identity } from '../../../src/privacy/transform.ts';
import { sightingOf } from '../../../src/source/sighting.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import { requireStream } from '../../../src/source/usable-stream.ts';
import type { Checkpoint } from '../../../src/stream/checkpoint.ts';
import { type LoadedCheckpoint, loadCheckpoint } from '../../../src/stream/checkpoint-file.ts';
import { describeLoss } from '../../../src/stream/loss.ts';
import type { StreamClient } from '../../../src/stream/stream-client.ts';
import type { Dependencies } from '../../dependencies.ts';
import { type Invocation, stateOf } from '../../invocation.ts';
import { lockForProcess } from '../../state/process-lock.ts';
import { requireWritable } from '../../state/require-writable.ts';
import { statePaths } from '../../state/state-paths.ts';
import { storedDestination } from '../../state/stored-destination.ts';
import type { Output } from '../../terminal/output.ts';
import { terminalLog } from '../../terminal/terminal-log.ts';
import { warnOfStreamReaders, warnOfViewType } from '../../warnings/stream-shortcomings.ts';
import { describeUnproven } from '../../warnings/unproven-changes.ts';

export type TailOptions = Invocation & {
  readonly table: string;
  /** Whether a table is compacted by itself, where that costs nothing. */
  readonly compact: boolean;
};

/** A tail that is ready to follow its stream. */
export type OpenTail = {
  readonly streams: StreamClient;
  readonly source: SourceTable;
  readonly streamArn: string;
  readonly destination: Destination;
  readonly checkpoint: Checkpoint;
};

/**
 * Opens what a tail needs, locks its state, and warns of what it can't deliver.
 *
 * @param opened Gets what must be closed again.
 */
export async function openTail(
  options: TailOptions,
  dependencies: Dependencies,
  output: Output,
  opened: AsyncDisposableStack,
): Promise<OpenTail> {
  const connection = opened.use(await dependencies.connect(options.aws, terminalLog(output)));
  const description = await connection.tables.describe(options.table);
  const destination = opened.use(await dependencies.openDestination(options.destination));
  await requireSameTable(description.table, destination);
  const stream = requireStream(description);
  const arn = streamArn(stream.arn);
  const state = stateOf(options, options.table);
  await requireWritable(state);
  const paths = statePaths(state);
  opened.use(await lockForProcess(paths.tailLock, `A tail of ${options.table}`));
  const stored = storedDestination(options, destination.name);
  const loaded = await loadCheckpoint(paths.checkpoint, arn, stored, description.table.tableId);
  const seen = sightingOf(description);
  const { created } = await destination.prepare(description.table, identity.generation, { seen });
  if (created.length > 0) output.note(`Created in ${destination.name}: ${created.join(', ')}.`);
  warnOfViewType(stream, output);
  await warnOfStreamReaders(description, arn.text, connection, output);
  await warnOfLostChanges(description.table, arn.label, loaded, destination, output);
  const { streams } = connection;
  return { streams, source: description.table, streamArn: arn.text, destination, checkpoint: loaded.checkpoint };
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
