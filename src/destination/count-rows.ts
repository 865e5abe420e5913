import { misfitsColumn, type TypedView } from '../views/typed.ts';
import type { ChangelogStatus, Misfits } from './destination.ts';
import { number, optionalText, optionalTime, type SqlRow } from './sql-row.ts';

/** What the statement of `snapshotCount` gave. */
export function snapshotCounted(row: SqlRow): { readonly rows: number; readonly keys: number } {
  return { rows: number(row, 'rows'), keys: number(row, 'keys') };
}

/** What the statement of `changelogCount` gave. */
export function changelogStatus(row: SqlRow): ChangelogStatus {
  return {
    rows: number(row, 'rows'),
    newestChangedAt: optionalTime(row, 'newest_changed_at'),
    newestIngestedAt: optionalTime(row, 'newest_ingested_at'),
    newestPosition: optionalText(row, 'newest_position'),
  };
}

/** What the statement of `misfitCount` gave for a view. */
export function misfits(row: SqlRow, { columns }: TypedView): Misfits {
  return { items: number(row, 'items'), byColumn: columns.map((_, index) => number(row, misfitsColumn(index))) };
}
