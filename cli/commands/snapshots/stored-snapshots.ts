import type { Destination } from '../../../src/destination/destination.ts';
import { TailraceError } from '../../../src/errors.ts';
import { labelOf } from '../../../src/order/position.ts';
import { streamArn } from '../../../src/order/stream-arn.ts';
import { type SnapshotRecord, snapshotBefore, snapshotHistory } from '../../../src/snapshot/history.ts';
import type { Published } from '../../../src/snapshot/published.ts';
import { isSnapshotId } from '../../../src/snapshot/snapshot-id.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { Invocation } from '../../invocation.ts';

export type SnapshotsOptions = Invocation & { readonly table: string };

/** The snapshots that a destination keeps of a table. */
export interface StoredSnapshots extends AsyncDisposable {
  readonly destination: Destination;
  readonly table: SourceTable;
  readonly published: Published;
  /** Oldest first; those that were dropped too. */
  readonly history: readonly SnapshotRecord[];
  /** What a rollback goes to; `undefined` if there is nothing. */
  readonly before: SnapshotRecord | undefined;
  /** Label of the newest stream that brought a change; `null` if none did. */
  readonly newestLabel: string | null;
}

/**
 * Looks up what a destination keeps of a table's snapshots. Needs no AWS.
 *
 * @throws {TailraceError} `destination-missing` if nothing of the table is there.
 */
export async function openSnapshots(
  { destination: name, table: tableName }: SnapshotsOptions,
  { openDestination }: Pick<Dependencies, 'openDestination'>,
): Promise<StoredSnapshots> {
  const destination = await openDestination(name);
  try {
    const table = (await destination.sources()).find((source) => source.name === tableName);
    const published = table && (await destination.published(table));
    if (!table || !published) {
      throw new TailraceError('destination-missing', `Nothing of table ${tableName} is in ${name}`);
    }
    const ledger = await destination.ledger(table);
    const history = snapshotHistory(ledger, published, table);
    const before = snapshotBefore(ledger, history);
    const { newestPosition } = await destination.changelogStatus(table);
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
    remedy: `\`tailrace snapshots list ${table.name}\` shows which there are.`,
  });
}

/**
 * Whether a stream newer than the one that a snapshot was read under has brought a change: between two streams changes
 * are lost. `null` where that isn't known, or nothing of the snapshot's own stream is in the changelog.
 *
 * That none was seen proves little: a stream that was switched off and on is seen by its first change alone.
 */
export function isNewerStreamSeen({ newestLabel }: StoredSnapshots, { begun }: SnapshotRecord): boolean | null {
  if (begun === null || newestLabel === null) return null;
  const { label } = streamArn(begun.streamArn);
  return newestLabel < label ? null : newestLabel > label;
}
