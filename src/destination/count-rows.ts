import { misfitsColumn, type TypedView } from '../views/typed.ts';
import type { ChangelogStatus, Misfits } from './destination.ts';
import type { StateDifference } from './snapshot-store.ts';
import { number, optionalText, optionalTime, type SqlRow } from './sql-row.ts';

/** Reads the result of `snapshotCount`. */
export function snapshotCounted(row: SqlRow): { readonly rows: number; readonly keys: number } {
  return { rows: number(row, 'rows'), keys: number(row, 'keys') };
}

/** Reads the result of `changelogCount`. */
export function changelogStatus(row: SqlRow): ChangelogStatus {
  return {
    rows: number(row, 'rows'),
    newestChangedAt: optionalTime(row, 'newest_changed_at'),
    newestIngestedAt: optionalTime(row, 'newest_ingested_at'),
    newestPosition: optionalText(row, 'newest_position'),
  };
}

/** Reads the result of `misfitCount` for a view. */
export function misfits(row: SqlRow, { columns }: TypedView): Misfits {
  return { items: number(row, 'items'), byColumn: columns.map((_, index) => number(row, misfitsColumn(index))) };
}

/** Reads the result of `stateDifference`. */
export function stateDifferenceOf(row: SqlRow): StateDifference {
  return {
    added: number(row, 'added'),
    removed: number(row, 'removed'),
    different: number(row, 'different'),
    unchanged: number(row, 'unchanged'),
  };
}
