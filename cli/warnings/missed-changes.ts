import type { SnapshotBasis } from '../../backfill/pending-snapshot.ts';
import { ingestedSince } from '../../src/changelog/ingested-since.ts';
import type { Clock } from '../../src/clock.ts';
import type { Destination } from '../../src/destination/destination.ts';
import { isKind } from '../../src/errors.ts';
import { labelOf } from '../../src/order/position.ts';
import { streamArn as parse } from '../../src/order/stream-arn.ts';
import { readCheckpoint } from '../../src/stream/checkpoint-file.ts';
import { RETENTION_MS } from '../../src/stream/retention.ts';
import { isoTime } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';

/**
 * Warns if a backfill resumes so late that changes since its start have left the stream, and nothing shows that a reader
 * delivered them: neither a change in the changelog nor a tail's checkpoint is from the last 24 hours.
 *
 * A table without changes looks the same from here.
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
  const { newestChangedAt, newestPosition } = await destination.changelogStatus(table, ingestedSince(horizon));
  const isOfStream = newestPosition !== null && labelOf(newestPosition) === parse(streamArn).label;
  if (isOfStream && newestChangedAt !== null && newestChangedAt >= horizon) return;
  if (((await describedAt(tail, streamArn)) ?? 0) >= horizon) return;
  output.warn(
    `This backfill of ${table.name} began at ${isoTime(startedAt)}, and the changelog has no change from the last 24 hours of ` +
      'its stream. If no reader has run since, the backfill misses changes that the stream no longer holds: start over ' +
      `with \`tailrace backfill ${table.name} --restart\`.`,
  );
}

/** When a tail last described the stream; `null` if none did, or if its checkpoint can't be read. */
async function describedAt(path: string, streamArn: string): Promise<number | null> {
  const checkpoint = await readCheckpoint(path).catch((error: unknown) => {
    // Then it proves nothing, and tail itself reports it.
    if (isKind(error, 'state-invalid')) return undefined;
    throw error;
  });
  return checkpoint?.streamArn === streamArn ? checkpoint.describedAt : null;
}
