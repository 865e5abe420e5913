import { join } from 'node:path';

/** Paths in a table's state directory. */
export type StatePaths = {
  /** How far `tail` has come. */
  readonly checkpoint: string;
  /** Names the process that follows the stream now. */
  readonly tailLock: string;
  /** How far an unfinished backfill has come. */
  readonly backfill: string;
  /** Names the process that reads the table into a snapshot now. */
  readonly backfillLock: string;
  /** Rows that a backfill or a repair has read and not loaded yet. */
  readonly backfillRows: string;
  /** Rows that verifications have read and not loaded yet, in a folder each. */
  readonly verifyRows: string;
  /** Records that could not be written, one file each. */
  readonly deadLetters: string;
};

/** @param directory A table's state directory. */
export function statePaths(directory: string): StatePaths {
  return {
    checkpoint: join(directory, 'tail.json'),
    tailLock: join(directory, 'tail.lock'),
    backfill: join(directory, 'backfill.json'),
    backfillLock: join(directory, 'backfill.lock'),
    backfillRows: join(directory, 'backfill-rows'),
    verifyRows: join(directory, 'verify-rows'),
    deadLetters: join(directory, 'dead-letters'),
  };
}
