import type { Comparison, ComparisonScope } from '../src/destination/destination.ts';
import type { TableDescription } from '../src/source/table-reader.ts';
import type { ReadBudget } from './read-budget.ts';
import { settle } from './settle.ts';
import {
  DEFAULT_LAG_MS,
  DEFAULT_MAX_FINDINGS,
  DEFAULT_WHOLE,
  foundIn,
  type Inspection,
  type InspectionSettings,
  maxSettleMsOf,
  type VerifyFinding,
} from './verify-options.ts';

export type InspectOptions = InspectionSettings & {
  readonly description: TableDescription;
  readonly budget: ReadBudget;
  readonly scope: ComparisonScope;
  /** How many keys differ, by the comparison's own count. */
  readonly differing: number;
  /** Keys that the comparison can't know of, and that are looked at all the same. */
  readonly also?: readonly string[];
  readonly onOpen?: (open: number) => void;
};

/** Keys that are settled at a time, at a few hundred bytes each. */
const PORTION = 5_000;

/**
 * Finds out of every key that differs in a comparison whether it does, by reading both sides again until the stream had
 * time to deliver; and compares a random sample of those that agree whole.
 *
 * Findings are told portion by portion, in order of the keys' text within each: however many there are, they are never
 * held together.
 *
 * @throws {TailraceError} `interrupted` if the signal aborts; else what source and destination throw.
 */
export async function inspect(comparison: Comparison, options: InspectOptions): Promise<Inspection> {
  const { lagMs = DEFAULT_LAG_MS, maxFindings = DEFAULT_MAX_FINDINGS, whole = DEFAULT_WHOLE } = options;
  const { also = [], scope, onFinding } = options;
  const tally = { missing: 0, extra: 0, different: 0, changing: 0, unsettled: 0, unexamined: 0, whole: 0 };
  const found = { ...tally, isCapped: false };

  /** Settles some keys, and gives how many were looked at; `null` if no others should be. */
  const look = async (keys: readonly string[]): Promise<number | null> => {
    const enough = Math.max(1, maxFindings - foundIn(found));
    const settled = await settle(keys, { ...options, lagMs, maxSettleMs: maxSettleMsOf(options), enough });
    for (const difference of settled.differences) {
      if (foundIn(found) < maxFindings) onFinding?.(difference);
      found[difference.finding]++;
    }
    found.changing += settled.changing;
    found.isCapped = settled.end === 'capped';
    const isEnd = settled.end === 'capped' || settled.end === 'enough';
    found[isEnd ? 'unexamined' : 'unsettled'] += settled.open;
    return isEnd ? null : settled.looked;
  };

  if ((await look(also)) === null) return { ...found, unexamined: found.unexamined + options.differing };
  const known = new Set(also);
  let given = 0;
  let after: string | null = null;
  for (let isLast = options.differing === 0; !isLast; ) {
    const portion: readonly string[] = (await comparison.findings(scope, PORTION, after)).map(({ key }) => key);
    given += portion.length;
    const isEnd = (await look(portion.filter((key) => !known.has(key)))) === null;
    if (isEnd) return { ...found, unexamined: found.unexamined + Math.max(0, options.differing - given) };
    after = portion.at(-1) ?? null;
    isLast = portion.length < PORTION;
  }
  const sample = await comparison.sampleAgreeing(whole);
  found.whole = (await look(sample)) ?? 0;
  return found;
}

/** Counts findings that were certain before anything was looked at again. */
export function withCertain(inspection: Inspection, certain: readonly VerifyFinding[]): Inspection {
  const counted = { ...inspection };
  for (const { finding } of certain) counted[finding]++;
  return counted;
}
