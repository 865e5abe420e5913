import type { GapCounts, GapRange } from './gap-finder.ts';
import { number, type SqlRow, text } from './sql-row.ts';

/** Reads the counts of a search. */
export function gapCountsOf(rows: readonly SqlRow[]): GapCounts {
  const counts = { streamed: 0, missing: 0, 'in-flight': 0, parked: 0 };
  for (const row of rows) {
    const records = number(row, 'records');
    counts.streamed += records;
    if (text(row, 'standing') !== 'present') counts[statusOf(row)] += records;
  }
  return counts;
}

/** Reads one range of a search. */
export function gapRangeOf(row: SqlRow): GapRange {
  const [first, last] = [text(row, 'first_place'), text(row, 'last_place')];
  return {
    shardId: text(row, 'shard_id'),
    status: statusOf(row),
    from: first.slice(first.lastIndexOf('/') + 1),
    to: last.slice(last.lastIndexOf('/') + 1),
    position: last.slice(0, last.lastIndexOf('/')),
    ordinal: number(row, 'last_ordinal'),
    records: number(row, 'records'),
  };
}

function statusOf(row: SqlRow): GapRange['status'] {
  const status = text(row, 'standing');
  return status === 'parked' || status === 'in-flight' ? status : 'missing';
}
