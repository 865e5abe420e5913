import type { Comparison, ComparisonScope } from '../../src/destination/comparer.ts';
import type { Rechecker } from './rechecker.ts';
import { DEFAULT_WHOLE } from './verify-options.ts';

export type RecheckScope = {
  readonly scope: ComparisonScope;
  /** How many keys differ, by the comparison's own count. */
  readonly differing: number;
  /** Keys that the comparison can't know of, and that are rechecked all the same. */
  readonly also?: readonly string[];
  /** How many keys that agree are compared whole. */
  readonly whole?: number | undefined;
};

/** The most keys that are rechecked at a time, at a few hundred bytes each. */
export const MAX_BATCH_KEYS = 5_000;

/** The first batch is about as large as the number of findings wanted, since each key costs reads; but at least this. */
const MIN_BATCH_KEYS = 100;

/**
 * Rechecks every key that differs in a comparison, and compares a random sample of the others whole.
 *
 * @throws {TailraceError} as {@link Rechecker.recheck} does.
 */
export async function recheckComparison(
  comparison: Comparison,
  rechecker: Rechecker,
  { scope, differing, also = [], whole = DEFAULT_WHOLE }: RecheckScope,
): Promise<void> {
  await rechecker.recheck(also);
  const known = new Set(also);
  let passed = 0;
  let after: string | null = null;
  let size = Math.max(MIN_BATCH_KEYS, 2 * rechecker.wanted);
  for (let isLast = differing === 0; !isLast && !rechecker.isOver; size *= 4) {
    const count = Math.min(MAX_BATCH_KEYS, size);
    const batch: readonly string[] = (await comparison.findings(scope, count, after)).map(({ key }) => key);
    passed += batch.length;
    await rechecker.recheck(batch.filter((key) => !known.has(key)));
    after = batch.at(-1) ?? null;
    isLast = batch.length < count;
  }
  if (rechecker.isOver) rechecker.skip(Math.max(0, differing - passed));
  else await rechecker.compareWhole(await comparison.sampleAgreeing(whole));
}
