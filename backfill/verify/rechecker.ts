import type { TableDescription } from '../../src/source/table-reader.ts';
import type { ReadBudget } from '../cost/read-budget.ts';
import { type RecheckedKeys, recheck } from './recheck.ts';
import type { ScanResult } from './scan-into-comparison.ts';
import {
  type ComparisonResult,
  type ComparisonSettings,
  DEFAULT_LAG_MS,
  DEFAULT_MAX_FINDINGS,
  foundIn,
  maxRecheckMsOf,
  NOTHING_COMPARED,
  type VerifyFinding,
} from './verify-options.ts';

export type RecheckerOptions = ComparisonSettings & {
  readonly description: TableDescription;
  readonly budget: ReadBudget;
  readonly onOpen?: (open: number) => void;
};

/**
 * Rechecks keys, batch by batch, and reports and counts those that differ.
 *
 * Findings are reported in order of the keys' text within a batch, and never collected: memory doesn't grow with them.
 */
export class Rechecker {
  readonly #options: RecheckerOptions;
  readonly #maxFindings: number;
  #end: RecheckedKeys['end'] = 'decided';
  readonly #found = { ...NOTHING_COMPARED };

  constructor(options: RecheckerOptions) {
    this.#options = options;
    this.#maxFindings = options.maxFindings ?? DEFAULT_MAX_FINDINGS;
  }

  get result(): ComparisonResult {
    return { ...this.#found };
  }

  /** How many findings are still wanted: at least one, until it is over. */
  get wanted(): number {
    return Math.max(1, this.#maxFindings - foundIn(this.#found));
  }

  /** Whether no more keys are rechecked: the findings were enough, or the read cap was reached. */
  get isOver(): boolean {
    return this.#end === 'enough' || this.#end === 'capped';
  }

  /**
   * Reads both sides of some keys again until the stream had time to deliver, and reports those that differ.
   *
   * @throws {TailraceError} `interrupted` if the signal aborts; else what source and destination throw.
   */
  async recheck(keys: readonly string[]): Promise<void> {
    if (this.isOver) this.skip(keys.length);
    else await this.#recheck(keys);
  }

  /** Compares keys that agree by digest: both sides are read whole. */
  async compareWhole(keys: readonly string[]): Promise<void> {
    if (!this.isOver) this.#found.whole += await this.#recheck(keys);
  }

  /** Adds what a scan found by itself: whether it was stopped at the cap, and the items that can't be carried. */
  addScan({ isCapped, unreadable }: Pick<ScanResult, 'isCapped' | 'unreadable'>): void {
    if (isCapped) this.markCapped();
    this.report(unreadable.keyless);
    this.skip(unreadable.more);
  }

  /** Reports findings that are certain without a recheck. */
  report(findings: readonly VerifyFinding[]): void {
    for (const finding of findings) {
      if (foundIn(this.#found) < this.#maxFindings) this.#options.onFinding?.(finding);
      else this.#found.unlisted++;
      this.#found[finding.finding]++;
    }
  }

  /** Reports keys that the source gave more than once; `times` is how often it did so in all. */
  reportRepeated(keys: readonly string[], times: number): void {
    if (times === 0) return;
    for (const key of keys) this.#options.onFinding?.({ key, finding: 'repeated' });
    this.#found.repeated += times;
  }

  /** Counts keys that may differ and aren't rechecked. */
  skip(keys: number): void {
    this.#found.unexamined += keys;
  }

  /** Nothing more may be read. */
  markCapped(): void {
    this.#found.isCapped = true;
  }

  async #recheck(keys: readonly string[]): Promise<number> {
    const { lagMs = DEFAULT_LAG_MS } = this.#options;
    const rechecked = await recheck(keys, {
      ...this.#options,
      lagMs,
      maxRecheckMs: maxRecheckMsOf(this.#options),
      enough: this.wanted,
    });
    this.report(rechecked.differences);
    this.#end = rechecked.end;
    this.#found.changing += rechecked.changing;
    this.#found[this.isOver ? 'unexamined' : 'unsettled'] += rechecked.open;
    if (rechecked.end === 'capped') this.markCapped();
    return rechecked.observed;
  }
}
