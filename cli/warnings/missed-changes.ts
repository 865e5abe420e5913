import type { SnapshotBasis } from '../../backfill/pending-snapshot.ts';
import type { Clock } from '../../src/clock.ts';
import type { Destination } from '../../src/destination/destination.ts';
import { isKind } from '../../src/errors.ts';
import { labelOf } from '../../src/order/position.ts';
import { streamArn as parse } from '../../src/order/stream-arn.ts';
import { readCheckpoint } from '../../src/stream/checkpoint-file.ts';
import { time } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';

/** So long a stream keeps a change. */
const RETENTION_MS = 24 * 60 * 60 * 1_000;

/**
 * Warns where a backfill goes on so late that what changed since its start has left the stream, and nothing shows that
 * somebody carried it: neither a change of the last day in the changelog nor a tail's checkpoint of the last day.
 *
 * A table that nothing changes in looks the same from here.
 *
 * @param tail Path of the tail's checkpoint.
 */
export async function warnOfMissedChanges(
  { table, streamArn, startedAt }: SnapshotBasis,
  { destination, clock, tail }: { readonly destination: Destination; readonly clock: Clock; readonly tail: string },
  output: Output,
): Promise<void> {
  const horizon = clock.now() - RETENTION_MS;
  if (startedAt >= horizon) return;
  const { newestChangedAt, newestPosition } = await destination.changelogStatus(table);
  const isOfStream = newestPosition !== null && labelOf(newestPosition) === parse(streamArn).label;
  if (isOfStream && newestChangedAt !== null && newestChangedAt >= horizon) return;
  if (((await describedAt(tail, streamArn)) ?? 0) >= horizon) return;
  output.warn(
    `This backfill of ${table.name} was begun at ${time(startedAt)}, and the changelog has no change of the last 24 hours ` +
      'of its stream. If no reader has run since, changes that the stream keeps no more are lost to it: begin anew with ' +
      '`tailrace backfill --restart`.',
  );
}

/** When a tail last looked at the stream; `null` if none did, or its checkpoint can't be read. */
async function describedAt(path: string, streamArn: string): Promise<number | null> {
  const checkpoint = await readCheckpoint(path).catch((error: unknown) => {
    // It vouches for nothing then, and is the tail's own to name.
    if (isKind(error, 'state-invalid')) return undefined;
    throw error;
  });
  return checkpoint?.streamArn === streamArn ? checkpoint.describedAt : null;
}
