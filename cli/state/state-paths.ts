import { join } from 'node:path';

/** What a table's state directory holds. */
export type StatePaths = {
  /** How far `tail` has come. */
  readonly checkpoint: string;
  /** How far a backfill has come that isn't done. */
  readonly backfill: string;
  /** Says which process reads the table into a snapshot now. */
  readonly backfillLock: string;
  /** What a backfill or a repair has read and not loaded yet. */
  readonly backfillRows: string;
  /** What comparisons have read and not loaded yet, a folder each. */
  readonly verifyRows: string;
  /** Records that could not be written, one file each. */
  readonly deadLetters: string;
};

/** @param directory A table's state directory. */
export function statePaths(directory: string): StatePaths {
  return {
    checkpoint: join(directory, 'tail.json'),
    backfill: join(directory, 'backfill.json'),
    backfillLock: join(directory, 'backfill.lock'),
    backfillRows: join(directory, 'backfill-rows'),
    verifyRows: join(directory, 'verify-rows'),
    deadLetters: join(directory, 'dead-letters'),
  };
}
