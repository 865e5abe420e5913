import type { StateDifference } from '../../src/destination/snapshot-store.ts';
import { count } from './format.ts';

/** The line that tells what publishing a snapshot changed. */
export function differenceLine({ added, removed, different, unchanged }: StateDifference): string {
  return (
    `Changed against the state before: ${count(added)} added, ${count(removed)} removed, ` +
    `${count(different)} different, ${count(unchanged)} as they were.`
  );
}
