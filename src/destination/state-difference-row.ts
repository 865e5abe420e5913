import type { StateDifference } from './snapshot-store.ts';
import { number, type SqlRow } from './sql-row.ts';

/** Reads the one row of a comparison of two states. */
export function stateDifferenceOf(row: SqlRow): StateDifference {
  return {
    added: number(row, 'added'),
    removed: number(row, 'removed'),
    different: number(row, 'different'),
    unchanged: number(row, 'unchanged'),
  };
}
