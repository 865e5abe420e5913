import { counted } from '../terminal/format.ts';

/** Says that the source gave keys more than once, and why that can be. */
export function repeatedLine(table: string, times: number): string {
  return (
    `A key of ${table} came again ${counted(times, 'time')}: the server keeps several items whose keys are one and the same, ` +
    'such as 1 and 1.0, or one moved while it was read. The latest view shows one item of each key.'
  );
}
