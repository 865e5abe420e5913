import type { LedgerEvent } from './ledger.ts';
import type { Published } from './published.ts';
import type { SnapshotId } from './snapshot-id.ts';

/** One snapshot's history, by the ledger and the latest view. Times are milliseconds since the epoch. */
export type SnapshotRecord = {
  readonly id: SnapshotId;
  /** The event that began it; `null` if only the view knows of it. */
  readonly begun: LedgerEvent | null;
  /** Distinct items; `null` until it is whole. */
  readonly items: number | null;
  /** Whether all of it is durable and counted. */
  readonly isWhole: boolean;
  /** When it was last published; `null` if it never was. */
  readonly publishedAt: number | null;
  readonly droppedAt: number | null;
  /** Whether the latest view stands on it now. */
  readonly isPublished: boolean;
  /** Whether it was read from another table of the same name: of another account or region, or deleted since. */
  readonly isForeign: boolean;
};

/** What tells a table from others of its name. */
type Identity = Pick<LedgerEvent, 'tableId'> & { readonly arn: string };

/**
 * The snapshots of a table, oldest first.
 *
 * The view decides what is published, even where the ledger misses an event.
 *
 * @param ledger Events of one table's name, oldest first.
 * @param table The table that has the name now.
 */
export function snapshotHistory(
  ledger: readonly LedgerEvent[],
  published: Published | undefined,
  table: Identity,
): readonly SnapshotRecord[] {
  const ids = new Set(ledger.map(({ snapshotId }) => snapshotId));
  if (published && published.snapshotId !== null) ids.add(published.snapshotId);
  return [...ids].toSorted().map((id) => {
    const events = ledger.filter(({ snapshotId }) => snapshotId === id);
    const last = (name: LedgerEvent['event']) => events.findLast(({ event }) => event === name);
    const isPublished = published?.snapshotId === id;
    const counted = events.findLast(({ itemCount }) => itemCount !== null);
    return {
      id,
      begun: events[0] ?? null,
      items: counted?.itemCount ?? null,
      isWhole: isPublished || counted !== undefined,
      publishedAt: last('published')?.at ?? null,
      droppedAt: isPublished ? null : droppedAt(events),
      isPublished,
      isForeign: events[0] !== undefined && isForeign(events[0], table),
    };
  });
}

/** Without the current table's TableId, a snapshot of a table with one may be of any table. */
function isForeign({ tableArn, tableId }: LedgerEvent, table: Identity): boolean {
  return tableArn !== table.arn || (tableId !== null && tableId !== table.tableId);
}

/**
 * When a snapshot was dropped; `null` if it wasn't, or if events follow: its table was created again then.
 *
 * @param events The snapshot's own, oldest first.
 */
export function droppedAt(events: readonly LedgerEvent[]): number | null {
  const last = events.at(-1);
  return last?.event === 'dropped' ? last.at : null;
}

/**
 * The snapshot that a rollback returns to: of the other snapshots of the table that still exist, the one that the latest
 * view stood on last. It may be the newer of the two.
 *
 * A publication names both the snapshot published and the one before, so it doesn't matter if the ledger misses one.
 *
 * @param ledger Events of one table, oldest first.
 */
export function snapshotBefore(
  ledger: readonly LedgerEvent[],
  history: readonly SnapshotRecord[],
): SnapshotRecord | undefined {
  const existing = new Map(
    history.flatMap((snapshot) =>
      snapshot.isPublished || snapshot.isForeign || snapshot.droppedAt !== null ? [] : [[snapshot.id, snapshot]],
    ),
  );
  const stood = ledger
    .filter(({ event }) => event === 'published')
    .toReversed()
    .flatMap(({ snapshotId, baseSnapshotId }) =>
      baseSnapshotId === null ? [snapshotId] : [snapshotId, baseSnapshotId],
    );
  return stood.map((id) => existing.get(id)).find((snapshot) => snapshot !== undefined);
}
