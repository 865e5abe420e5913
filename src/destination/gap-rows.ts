import type { GapCounts, GapRange } from './gap-finder.ts';
import { number, type SqlRow, text } from './sql-row.ts';

/** The changelog's rows have the times of their records, or of others of their batch where a record has none. */
const SINCE_MARGIN_MS = 24 * 60 * 60 * 1000;

/** From when on the changelog can have the changes of a search, in milliseconds since the epoch. */
export function sinceOf(earliestChange: number): number {
  return Math.max(0, earliestChange - SINCE_MARGIN_MS);
}

/** Reads the counts of a search. */
export function gapCountsOf(rows: readonly SqlRow[]): GapCounts {
  const counts = { held: 0, missing: 0, 'in-flight': 0, parked: 0 };
  for (const row of rows) {
    const records = number(row, 'records');
    counts.held += records;
    if (text(row, 'standing') !== 'present') counts[standingOf(row)] += records;
  }
  return counts;
}

/** Reads one range of a search. */
export function gapRangeOf(row: SqlRow): GapRange {
  const [first, last] = [text(row, 'first_place'), text(row, 'last_place')];
  return {
    shardId: text(row, 'shard_id'),
    standing: standingOf(row),
    from: first.slice(first.lastIndexOf('/') + 1),
    to: last.slice(last.lastIndexOf('/') + 1),
    position: last.slice(0, last.lastIndexOf('/')),
    ordinal: number(row, 'last_ordinal'),
    records: number(row, 'records'),
  };
}

function standingOf(row: SqlRow): GapRange['standing'] {
  const standing = text(row, 'standing');
  return standing === 'parked' || standing === 'in-flight' ? standing : 'missing';
}
