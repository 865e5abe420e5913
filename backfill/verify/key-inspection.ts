import type { TableDescription } from '../../src/source/table-reader.ts';
import type { ReadBudget } from '../cost/read-budget.ts';
import { type Rechecked, recheck } from './recheck.ts';
import type { ComparedScan } from './scan-into-comparison.ts';
import {
  DEFAULT_LAG_MS,
  DEFAULT_MAX_FINDINGS,
  foundIn,
  type Inspection,
  type InspectionSettings,
  maxRecheckMsOf,
  NOTHING_INSPECTED,
  type VerifyFinding,
} from './verify-options.ts';

export type KeyInspectionOptions = InspectionSettings & {
  readonly description: TableDescription;
  readonly budget: ReadBudget;
  readonly onOpen?: (open: number) => void;
};

/**
 * Finds out of keys whether they differ, portion by portion, and counts what it finds.
 *
 * Findings are told in order of the keys' text within a portion: however many there are, they are never held together.
 */
export class KeyInspection {
  readonly #options: KeyInspectionOptions;
  readonly #maxFindings: number;
  #end: Rechecked['end'] = 'settled';
  readonly #found = { ...NOTHING_INSPECTED };

  constructor(options: KeyInspectionOptions) {
    this.#options = options;
    this.#maxFindings = options.maxFindings ?? DEFAULT_MAX_FINDINGS;
  }

  get result(): Inspection {
    return { ...this.#found };
  }

  /** How many findings are still wanted: one at least, until nothing more is looked at. */
  get wanted(): number {
    return Math.max(1, this.#maxFindings - foundIn(this.#found));
  }

  /** Whether nothing more is looked at: the findings were enough, or the read cap was reached. */
  get isOver(): boolean {
    return this.#end === 'enough' || this.#end === 'capped';
  }

  /**
   * Reads both sides of some keys again until the stream had time to deliver, and tells which of them differ.
   *
   * @throws {TailraceError} `interrupted` if the signal aborts; else what source and destination throw.
   */
  async look(keys: readonly string[]): Promise<void> {
    if (this.isOver) this.pass(keys.length);
    else await this.#settle(keys);
  }

  /** Looks at keys that agree by digest: both sides are read whole. */
  async lookWhole(keys: readonly string[]): Promise<void> {
    if (!this.isOver) this.#found.whole += await this.#settle(keys);
  }

  /** Takes over what a scan found out by itself: where it was stopped, and what it couldn't carry. */
  takeOver({ isCapped, unreadable }: Pick<ComparedScan, 'isCapped' | 'unreadable'>): void {
    if (isCapped) this.cap();
    this.tell(unreadable.keyless);
    this.pass(unreadable.more);
  }

  /** Tells what is certain without another look. */
  tell(findings: readonly VerifyFinding[]): void {
    for (const finding of findings) {
      if (foundIn(this.#found) < this.#maxFindings) this.#options.onFinding?.(finding);
      else this.#found.untold++;
      this.#found[finding.finding]++;
    }
  }

  /** Tells keys that the source gave more than once; `times` is how often it did so in all. */
  repeat(keys: readonly string[], times: number): void {
    if (times === 0) return;
    for (const key of keys) this.#options.onFinding?.({ key, finding: 'repeated' });
    this.#found.repeated += times;
  }

  /** Counts keys that may differ and aren't looked at. */
  pass(keys: number): void {
    this.#found.unexamined += keys;
  }

  /** Nothing more may be read. */
  cap(): void {
    this.#found.isCapped = true;
  }

  async #settle(keys: readonly string[]): Promise<number> {
    const { lagMs = DEFAULT_LAG_MS } = this.#options;
    const settled = await recheck(keys, {
      ...this.#options,
      lagMs,
      maxSettleMs: maxRecheckMsOf(this.#options),
      enough: this.wanted,
    });
    this.tell(settled.differences);
    this.#end = settled.end;
    this.#found.changing += settled.changing;
    this.#found[this.isOver ? 'unexamined' : 'unsettled'] += settled.open;
    if (settled.end === 'capped') this.cap();
    return settled.looked;
  }
}
