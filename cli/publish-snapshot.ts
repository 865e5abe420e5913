import { TailraceError } from '../src/errors.ts';
import { streamArn } from '../src/order/stream-arn.ts';
import type { SnapshotRecord } from '../src/snapshot/history.ts';
import type { Dependencies } from './dependencies.ts';
import type { KeptSnapshots } from './kept-snapshots.ts';
import type { Output } from './terminal/output.ts';
import { unprovenSince } from './unproven.ts';

/**
 * Makes the latest view stand on a snapshot because a person asks for it, be it older or younger than the one that is
 * published: in place of the one that is published now, and of no other that comes in between.
 *
 * @throws {TailraceError} `usage-invalid` if it isn't whole; `snapshot-superseded` if another was published meanwhile.
 */
export async function publishSnapshot(
  kept: KeptSnapshots,
  { id, begun, isWhole, isPublished, items }: SnapshotRecord,
  { clock, actor }: Pick<Dependencies, 'clock' | 'actor'>,
  output: Output,
): Promise<void> {
  const { destination, table, published } = kept;
  if (isPublished) output.note(`Snapshot ${id} of ${table.name} is published already.`);
  else if (begun === null || !isWhole) {
    throw new TailraceError('usage-invalid', `Snapshot ${id} of ${table.name} isn't whole`, {
      remedy: `Run \`tailrace backfill ${table.name}\` to go on with it, or drop it.`,
    });
  } else {
    const { label } = streamArn(begun.streamArn);
    const { floor, generation } = begun;
    await destination.publish(table, { snapshotId: id, floor, streamLabel: label, generation }, published);
    const event = { at: clock.now(), event: 'published', actor, itemCount: items } as const;
    await destination.record({ ...begun, ...event, baseSnapshotId: published.snapshotId });
    const unproven = unprovenSince(table.name, { ...published, snapshotId: id, streamLabel: label }, kept.newestLabel);
    if (unproven !== undefined) output.warn(unproven);
  }
  const replaced = isPublished ? null : published.snapshotId;
  if (output.json) output.emit({ table: table.name, snapshot_id: id, replaced_snapshot_id: replaced });
  else if (!isPublished) output.print(`Published: ${id}${replaced === null ? '' : `, in place of ${replaced}`}.`);
}
