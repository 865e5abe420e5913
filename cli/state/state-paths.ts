import { join } from 'node:path';

/** What a table's state directory holds. */
export type StatePaths = {
  /** How far `tail` has come. */
  readonly checkpoint: string;
  /** Records that could not be written, one file each. */
  readonly deadLetters: string;
};

/** @param directory A table's state directory. */
export function statePaths(directory: string): StatePaths {
  return { checkpoint: join(directory, 'tail.json'), deadLetters: join(directory, 'dead-letters') };
}
