import type { Random } from '../../src/random.ts';

/** Some segments of a parallel scan. */
export type RandomParts = {
  /** Into how many parts the table is cut. */
  readonly total: number;
  readonly chosen: readonly number[];
};

/** Few enough that empty parts cost little, and enough that one odd part doesn't dominate the sample. */
const CHOSEN = 32;

/** Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html> */
const MAX_SEGMENTS = 1_000_000;

/**
 * Chooses random parts of a table that together hold about `share` of it. DynamoDB cuts by a hash of the partition key.
 *
 * @param share Above 0, at most 1.
 */
export function randomParts(share: number, random: Random): RandomParts {
  const total = Math.min(MAX_SEGMENTS, Math.max(CHOSEN, Math.round(CHOSEN / share)));
  const wanted = Math.min(total, Math.max(1, Math.round(total * share)));
  const chosen = new Set<number>();
  // Floyd's algorithm: each number is drawn once, and every set is equally likely.
  for (let last = total - wanted; last < total; last++) {
    const drawn = Math.floor(random.next() * (last + 1));
    chosen.add(chosen.has(drawn) ? last : drawn);
  }
  return { total, chosen: [...chosen] };
}
