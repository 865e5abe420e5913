import { compareText } from '../value/sort.ts';
import type { LedgerEvent } from './ledger.ts';
import type { Published } from './published.ts';
import type { SnapshotId } from './snapshot-id.ts';

/** One snapshot's history, by the ledger and the latest view. Times are milliseconds since the epoch. */
export type SnapshotRecord = {
  readonly id: SnapshotId;
  /** The event that began it; `null` if only the view knows of it. */
  readonly begun: LedgerEvent | null;
  /** What is known of it, at its end if it is whole; `null` if only the view knows of it. */
  readonly facts: LedgerEvent | null;
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
export type TableIdentity = Pick<LedgerEvent, 'tableId'> & { readonly arn: string };

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
  table: TableIdentity,
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
      facts: counted ?? events[0] ?? null,
      items: counted?.itemCount ?? null,
      isWhole: isPublished || counted !== undefined,
      publishedAt: last('published')?.at ?? null,
      droppedAt: isPublished ? null : droppedAt(events),
      isPublished,
      isForeign: events[0] !== undefined && isForeign(events[0], table),
    };
  });
}

/**
 * Whether a snapshot was read from another table of the same name. Without the current table's TableId, a snapshot of a table
 * with one may be of any table.
 */
export function isForeign(
  { tableArn, tableId }: Pick<LedgerEvent, 'tableArn' | 'tableId'>,
  table: TableIdentity,
): boolean {
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
 * The snapshot that a rollback returns to: of the snapshots that still exist and were published once, the newest of the
 * newest other reading than the published one. A compaction of the same reading shows the same state; one of changes alone
 * goes back to no reading, and lacks what no change brought. It may be younger than the published one.
 *
 * @param ledger Events of one table, oldest first.
 */
export function snapshotBefore(
  ledger: readonly LedgerEvent[],
  history: readonly SnapshotRecord[],
  published: Published,
): SnapshotRecord | undefined {
  const once = publishedOnce(ledger);
  return history
    .filter(({ id, isPublished, isForeign, droppedAt: dropped }) => {
      return once.has(id) && !isPublished && !isForeign && dropped === null;
    })
    .filter(({ facts }) => facts !== null && facts.reading !== null && facts.reading !== published.reading)
    .toSorted((a, b) => compareText(readingNameOf(a), readingNameOf(b)) || compareText(a.id, b.id))
    .at(-1);
}

/**
 * The snapshots that were published at some time.
 *
 * A publication names both the snapshot published and the one before, so it doesn't matter if the ledger misses one.
 *
 * @param ledger Events of one table.
 */
export function publishedOnce(ledger: readonly LedgerEvent[]): ReadonlySet<SnapshotId> {
  return new Set(
    ledger.flatMap(({ event, snapshotId, baseSnapshotId }) =>
      event === 'published' ? [snapshotId, ...(baseSnapshotId === null ? [] : [baseSnapshotId])] : [],
    ),
  );
}

/** The reading that a snapshot goes back to; an empty text if there is none. */
export function readingNameOf({ facts }: Pick<SnapshotRecord, 'facts'>): SnapshotId {
  return facts?.reading ?? '';
}
