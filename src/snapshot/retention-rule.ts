import type { PartitionUnit } from '../changelog/storage.ts';
import { compareText } from '../value/sort.ts';
import { publishedOnce, readingNameOf, type SnapshotRecord, snapshotHistory, type TableIdentity } from './history.ts';
import type { LedgerEvent } from './ledger.ts';
import type { Published } from './published.ts';
import { isYounger, type SnapshotId } from './snapshot-id.ts';

/** What retention decides on. Times are milliseconds since the epoch. */
export type RetentionFacts = {
  /** Events of the table's name, oldest first. */
  readonly ledger: readonly LedgerEvent[];
  /** The table that has the name now. */
  readonly table: TableIdentity;
  readonly published: Published;
  /** How many readings are kept: that of the published snapshot and the newest others. At least 1. */
  readonly keep: number;
  /** Rows that were ingested since then may be of changes that history is promised for. */
  readonly promisedFrom: number;
  /** The changelog has all rows that were ingested since then. */
  readonly keptSince: number;
  readonly partition: PartitionUnit;
  readonly now: number;
};

/** Why a snapshot stays. */
export type StayReason =
  /** The state stands on it. */
  | 'published'
  /** The newest one of a reading that is kept: a rollback may go to it. */
  | 'kept'
  /** A backfill or compaction reads or makes it, or a person may publish it: it is younger than what is published. */
  | 'begun'
  /** It is of another table of the name. */
  | 'foreign';

/** Why a snapshot is dropped. */
export type DropReason =
  /** Another snapshot of its reading stays. */
  | 'superseded'
  /** More than `keep` readings are newer. */
  | 'old-reading'
  /** A compaction that was begun long ago and never published. */
  | 'left-behind';

/** What is dropped, and what stays. */
export type RetentionPlan = {
  /** Oldest first. */
  readonly dropped: readonly { readonly snapshot: SnapshotRecord; readonly reason: DropReason }[];
  /** Oldest first. */
  readonly stays: readonly { readonly snapshot: SnapshotRecord; readonly reason: StayReason }[];
  /** Rows that were ingested before it go. Never before `keptSince`: what a killed run left goes, too. */
  readonly before: number;
  /** What needs the rows since then: the promised history, a snapshot, or all of them while no snapshot is published. */
  readonly limit: 'history' | 'nothing-published' | { readonly snapshotId: SnapshotId };
};

const DAY_MS = 24 * 60 * 60_000;

const PARTITION_MS: Readonly<Record<PartitionUnit, number>> = { day: DAY_MS, hour: DAY_MS / 24 };

/**
 * Decides which snapshots and which rows of a changelog are dropped.
 *
 * - The published snapshot stays, and of the newest other readings, `keep` with its own, the newest snapshot each: going back
 *   to a reading needs one whole snapshot of it.
 * - What is begun stays: a backfill or compaction that runs, however long ago it was begun, may be published yet. Only a
 *   compaction is given up after a day, because none runs as long.
 * - Rows go that no snapshot which stays needs: those ingested before the least `from` of all of them. What is published alone,
 *   or kept alone, would not do: a backfill of many days needs rows that the published snapshot has taken in.
 * - No row goes whose change history is promised for, and none at all while no snapshot is published: then the state is the
 *   rows.
 *
 * Whole partitions go: a warehouse drops those without reading them.
 */
export function retentionPlan(facts: RetentionFacts): RetentionPlan {
  const { ledger, table, published, promisedFrom, keptSince, partition } = facts;
  const present = snapshotHistory(ledger, published, table).filter(({ droppedAt }) => droppedAt === null);
  const fateOf = fates(facts, present);
  const judged = present.map((snapshot) => ({ snapshot, fate: fateOf(snapshot) }));
  const stays = judged.flatMap(({ snapshot, fate }) => ('stays' in fate ? [{ snapshot, reason: fate.stays }] : []));
  const dropped = judged.flatMap(({ snapshot, fate }) => ('drop' in fate ? [{ snapshot, reason: fate.drop }] : []));
  if (published.snapshotId === null) return { stays, dropped, before: keptSince, limit: 'nothing-published' };

  const limits = [
    { at: promisedFrom, limit: 'history' as const },
    ...stays
      .filter(({ reason }) => reason !== 'foreign' || table.tableId === null)
      .map(({ snapshot: { id, isPublished, facts: known } }) => {
        const froms = [known?.from, isPublished ? published.from : null].filter((from) => from != null);
        return { at: Math.min(...froms), limit: { snapshotId: id } };
      }),
  ];
  const { at, limit } = limits.reduce((least, next) => (next.at < least.at ? next : least));
  const before = Math.floor(at / PARTITION_MS[partition]) * PARTITION_MS[partition];
  return { stays, dropped, before: Math.max(before, keptSince), limit };
}

type Fate = { readonly stays: StayReason } | { readonly drop: DropReason };

function fates(
  { ledger, published, keep, now }: RetentionFacts,
  present: readonly SnapshotRecord[],
): (snapshot: SnapshotRecord) => Fate {
  const once = publishedOnce(ledger);
  const own = present.filter(({ id, isForeign, isPublished }) => isPublished || (once.has(id) && !isForeign));
  const shown = published.reading ?? '';
  const readings = new Set(own.filter(({ isPublished }) => !isPublished).map(readingNameOf));
  readings.delete(shown);
  const kept = new Set(
    [...readings]
      .toSorted(compareText)
      .reverse()
      .slice(0, keep - 1),
  );
  const newest = new Map(
    own.toSorted((a, b) => compareText(a.id, b.id)).map((snapshot) => [readingNameOf(snapshot), snapshot.id]),
  );

  return (snapshot) => {
    const { id, facts, isWhole, isPublished, isForeign } = snapshot;
    if (isPublished) return { stays: 'published' };
    if (isForeign) return { stays: 'foreign' };
    if (published.snapshotId === null) return { stays: once.has(id) ? 'kept' : 'begun' };
    const reading = readingNameOf(snapshot);
    if (!once.has(id)) {
      if (facts?.kind === 'compaction') return now - facts.at > DAY_MS ? { drop: 'left-behind' } : { stays: 'begun' };
      return isWhole && isYounger(shown, reading) ? { drop: 'old-reading' } : { stays: 'begun' };
    }
    if (reading === shown) return { drop: 'superseded' };
    if (!kept.has(reading)) return { drop: 'old-reading' };
    return newest.get(reading) === id ? { stays: 'kept' } : { drop: 'superseded' };
  };
}
