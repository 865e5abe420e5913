import type { Comparison, ComparisonScope } from '../../src/destination/comparer.ts';
import { Rechecker, type RecheckerOptions } from './rechecker.ts';
import { type ComparisonResult, DEFAULT_WHOLE } from './verify-options.ts';

export type InspectOptions = RecheckerOptions & {
  readonly scope: ComparisonScope;
  /** How many keys differ, by the comparison's own count. */
  readonly differing: number;
  /** Keys that the comparison can't know of, and that are looked at all the same. */
  readonly also?: readonly string[];
};

/** Keys that are settled at a time at most, at a few hundred bytes each. */
export const MAX_BATCH_KEYS = 5_000;

/** At first it is about as many as findings are wanted, for each look at each key costs; but no fewer than this. */
const MIN_BATCH_KEYS = 100;

/**
 * Finds out of every key that differs in a comparison whether it does, and compares a random sample of those that agree
 * whole.
 *
 * @throws {TailraceError} as {@link Rechecker.recheck} does.
 */
export async function inspect(comparison: Comparison, options: InspectOptions): Promise<ComparisonResult> {
  const inspection = new Rechecker(options);
  await recheckComparison(comparison, inspection, options);
  return inspection.result;
}

/** As {@link inspect}, where other keys are inspected as well. */
export async function recheckComparison(
  comparison: Comparison,
  inspection: Rechecker,
  {
    scope,
    differing,
    also = [],
    whole = DEFAULT_WHOLE,
  }: Omit<InspectOptions, keyof RecheckerOptions> & {
    readonly whole?: number | undefined;
  },
): Promise<void> {
  await inspection.recheck(also);
  const known = new Set(also);
  let given = 0;
  let after: string | null = null;
  let size = Math.max(MIN_BATCH_KEYS, 2 * inspection.wanted);
  for (let isLast = differing === 0; !isLast && !inspection.isOver; size *= 4) {
    const count = Math.min(MAX_BATCH_KEYS, size);
    const portion: readonly string[] = (await comparison.findings(scope, count, after)).map(({ key }) => key);
    given += portion.length;
    await inspection.recheck(portion.filter((key) => !known.has(key)));
    after = portion.at(-1) ?? null;
    isLast = portion.length < count;
  }
  if (inspection.isOver) inspection.skip(Math.max(0, differing - given));
  else await inspection.compareWhole(await comparison.sampleAgreeing(whole));
}
