import { countDifference, recordPublished } from '../../../backfill/publication.ts';
import { refuseUnmade } from '../../../src/destination/published-conflict.ts';
import type { StateDifference } from '../../../src/destination/snapshot-store.ts';
import { TailraceError } from '../../../src/errors.ts';
import type { SnapshotRecord } from '../../../src/snapshot/history.ts';
import { type LedgerEvent, publishedOver } from '../../../src/snapshot/ledger.ts';
import type { SnapshotId } from '../../../src/snapshot/snapshot-id.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { Output } from '../../terminal/output.ts';
import { differenceLine } from '../../terminal/scan-report.ts';
import { terminalLog } from '../../terminal/terminal-log.ts';
import { describeUnproven, greatestLabel } from '../../warnings/unproven-changes.ts';
import type { StoredSnapshots } from './stored-snapshots.ts';

/**
 * Makes the state stand on a snapshot that a person chose, older or younger than the published one. It replaces the one that
 * is published now or a compaction of it, and no other that comes in between. Prints what that changes.
 *
 * @throws {TailraceError} `usage-invalid` if it isn't whole; `destination-conflict` if it is of another table of the name; `snapshot-superseded` if another was published meanwhile.
 */
export async function publishSnapshot(
  stored: StoredSnapshots,
  snapshot: SnapshotRecord,
  { clock, actor }: Pick<Dependencies, 'clock' | 'actor'>,
  output: Output,
): Promise<void> {
  const { destination, table, published } = stored;
  const { id, begun, isWhole, isPublished, isForeign } = snapshot;
  let difference: StateDifference | null = null;
  let replaced: SnapshotId | null = null;
  if (isPublished) output.note(`Snapshot ${id} of ${table.name} is published already.`);
  else if (begun === null || !isWhole) {
    throw new TailraceError('usage-invalid', `Snapshot ${id} of ${table.name} isn't whole`, {
      remedy:
        begun?.kind === 'compaction'
          ? `Run \`tailrace compact ${table.name}\`, which makes another, or drop it.`
          : `Run \`tailrace backfill ${table.name}\` to resume it, or drop it.`,
    });
  } else if (isForeign) {
    throw foreign(table, id, begun);
  } else {
    const facts = refuseUnmade(table, id, await destination.describeSnapshot(table, id));
    const next = publishedOver(facts);
    const log = terminalLog(output);
    difference = await countDifference({ destination, log }, table, published, next);
    replaced = (await destination.publish(table, { next, startedFrom: published, by: 'choice' })).snapshotId;
    const event = { at: clock.now(), event: 'published', actor } as const;
    const recorded = destination.record({ ...facts, ...event, baseSnapshotId: replaced });
    await recordPublished(recorded, log, { table: table.name, snapshot: id });
    const unproven = describeUnproven(
      table.name,
      next,
      greatestLabel(stored.newestLabel, stored.published.streamLabel),
    );
    if (unproven !== undefined) output.warn(unproven);
  }
  if (output.json) output.emit({ table: table.name, snapshot_id: id, replaced_snapshot_id: replaced, difference });
  else if (!isPublished) {
    output.print(`Published: ${id}${replaced === null ? '' : `, in place of ${replaced}`}.`);
    if (difference) output.print(differenceLine(difference));
  }
}

function foreign({ name, arn, tableId }: SourceTable, id: string, begun: LedgerEvent): TailraceError {
  const of = begun.tableArn === arn ? `a table with TableId ${begun.tableId}` : begun.tableArn;
  const message = `Snapshot ${id} is of ${of}, not of the ${name} in the destination`;
  const context = { table: name, snapshot: id };
  if (tableId === null && begun.tableArn === arn) {
    return new TailraceError('destination-conflict', `${message}, whose TableId isn't known`, {
      context,
      remedy: `Run \`tailrace setup ${name}\`, which asks DynamoDB for it, then run this again.`,
    });
  }
  return new TailraceError('destination-conflict', message, {
    context,
    remedy: `It is never published: \`tailrace snapshots drop ${name} ${id}\` drops it.`,
  });
}
