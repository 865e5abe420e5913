import type { Destination } from '../../../src/destination/destination.ts';
import { nothingOfTable, requireKnown } from '../../../src/destination/nothing-of-table.ts';
import { TailraceError } from '../../../src/errors.ts';
import { labelOf } from '../../../src/order/position.ts';
import { streamArn } from '../../../src/order/stream-arn.ts';
import { type SnapshotRecord, snapshotBefore, snapshotHistory } from '../../../src/snapshot/history.ts';
import type { Published } from '../../../src/snapshot/published.ts';
import { isSnapshotId } from '../../../src/snapshot/snapshot-id.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { Invocation } from '../../invocation.ts';
import { greatestLabel } from '../../warnings/unproven-changes.ts';

export type SnapshotsOptions = Invocation & { readonly table: string };

/** The snapshots of a table in a destination. */
export interface StoredSnapshots extends AsyncDisposable {
  readonly destination: Destination;
  readonly table: SourceTable;
  readonly published: Published;
  /** Oldest first, with those that were dropped. */
  readonly history: readonly SnapshotRecord[];
  /** The snapshot that a rollback publishes; `undefined` if there is none. */
  readonly before: SnapshotRecord | undefined;
  /** Label of the newest stream that brought a change since the published snapshot; `null` if none did. */
  readonly newestLabel: string | null;
}

/**
 * Looks up a table's snapshots in a destination. Needs no AWS.
 *
 * @throws {TailraceError} `destination-missing` if nothing of the table is there.
 */
export async function openSnapshots(
  { destination: name, table: tableName }: SnapshotsOptions,
  { openDestination }: Pick<Dependencies, 'openDestination'>,
): Promise<StoredSnapshots> {
  const destination = await openDestination(name);
  try {
    const { source: table } = await requireKnown(tableName, destination);
    const published = await destination.published(table);
    if (published === undefined) throw nothingOfTable(tableName, [], name);
    const ledger = await destination.ledger(table);
    const history = snapshotHistory(ledger, published, table);
    const before = snapshotBefore(ledger, history, published);
    const { newestPosition } = await destination.changelogStatus(table, published.from);
    const newestLabel = newestPosition === null ? null : labelOf(newestPosition);
    const close = () => destination[Symbol.asyncDispose]();
    return { destination, table, published, history, before, newestLabel, [Symbol.asyncDispose]: close };
  } catch (error) {
    await destination[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Finds a snapshot by its id.
 *
 * @throws {TailraceError} `usage-invalid` if there is none, or it was dropped.
 */
export function findSnapshot({ history, table }: StoredSnapshots, id: string): SnapshotRecord {
  const found = history.find((snapshot) => snapshot.id === id);
  if (found && found.droppedAt === null) return found;
  const what = isSnapshotId(id) ? `snapshot ${id} of ${table.name}` : `snapshot "${id}"`;
  throw new TailraceError('usage-invalid', found ? `The ${what} was dropped` : `There is no ${what}`, {
    remedy: `\`tailrace snapshots list ${table.name}\` lists them.`,
  });
}

/**
 * Whether a stream newer than the snapshot's was seen, by its changes or at the published snapshot: changes between two
 * streams are lost. `null` if that isn't known, or if no change of the snapshot's own stream has come since.
 *
 * `false` proves little: a stream that was switched off and on shows only by its first change.
 */
export function isNewerStreamSeen(
  { newestLabel, published }: StoredSnapshots,
  { begun }: SnapshotRecord,
): boolean | null {
  if (begun === null || begun.streamArn === null) return null;
  const { label } = streamArn(begun.streamArn);
  if ((greatestLabel(newestLabel, published.streamLabel) ?? '') > label) return true;
  return newestLabel === label ? false : null;
}
