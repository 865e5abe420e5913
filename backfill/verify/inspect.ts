import type { Comparison, ComparisonScope } from '../../src/destination/comparer.ts';
import { KeyInspection, type KeyInspectionOptions } from './key-inspection.ts';
import { DEFAULT_WHOLE, type Inspection } from './verify-options.ts';

export type InspectOptions = KeyInspectionOptions & {
  readonly scope: ComparisonScope;
  /** How many keys differ, by the comparison's own count. */
  readonly differing: number;
  /** Keys that the comparison can't know of, and that are looked at all the same. */
  readonly also?: readonly string[];
};

/** Keys that are settled at a time at most, at a few hundred bytes each. */
export const PORTION = 5_000;

/** At first it is about as many as findings are wanted, for each look at each key costs; but no fewer than this. */
const FEWEST = 100;

/**
 * Finds out of every key that differs in a comparison whether it does, and compares a random sample of those that agree
 * whole.
 *
 * @throws {TailraceError} as {@link KeyInspection.look} does.
 */
export async function inspect(comparison: Comparison, options: InspectOptions): Promise<Inspection> {
  const inspection = new KeyInspection(options);
  await inspectComparison(comparison, inspection, options);
  return inspection.result;
}

/** As {@link inspect}, where other keys are inspected as well. */
export async function inspectComparison(
  comparison: Comparison,
  inspection: KeyInspection,
  {
    scope,
    differing,
    also = [],
    whole = DEFAULT_WHOLE,
  }: Omit<InspectOptions, keyof KeyInspectionOptions> & {
    readonly whole?: number | undefined;
  },
): Promise<void> {
  await inspection.look(also);
  const known = new Set(also);
  let given = 0;
  let after: string | null = null;
  let size = Math.max(FEWEST, 2 * inspection.wanted);
  for (let isLast = differing === 0; !isLast && !inspection.isOver; size *= 4) {
    const count = Math.min(PORTION, size);
    const portion: readonly string[] = (await comparison.findings(scope, count, after)).map(({ key }) => key);
    given += portion.length;
    await inspection.look(portion.filter((key) => !known.has(key)));
    after = portion.at(-1) ?? null;
    isLast = portion.length < count;
  }
  if (inspection.isOver) inspection.pass(Math.max(0, differing - given));
  else await inspection.lookWhole(await comparison.sampleAgreeing(whole));
}
