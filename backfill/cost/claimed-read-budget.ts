import { ReadBudget, type ReadBudgetOptions } from './read-budget.ts';
import { claimFor, spentBy } from './spending.ts';

/**
 * A read budget over several runs: what requests may use is claimed, and the claim saved, before they are sent.
 *
 * So a process that is killed has never used more than its last claim, which counts against the cap of the next run.
 */
export class ClaimedReadBudget extends ReadBudget {
  readonly #save: () => Promise<void>;
  #claimed: number;
  #saved: Promise<void> = Promise.resolve();

  /** @param save Makes {@link claimed} durable. */
  constructor(options: ReadBudgetOptions, save: () => Promise<void>) {
    super(options);
    this.#save = save;
    this.#claimed = this.used;
  }

  /** Units that may have been used by the time that this number is saved; never beyond the cap. */
  get claimed(): number {
    return Math.max(spentBy(this.spending), this.#claimed);
  }

  /** No more requests follow: only what was used, or is in flight, stays claimed. */
  releaseClaim(): void {
    this.#claimed = spentBy(this.spending);
  }

  protected override async reserve(most: number): Promise<void> {
    await super.reserve(most);
    const claimed = claimFor(this.spending, this.#claimed, this.maxUnits);
    if (claimed > this.#claimed) {
      this.#claimed = claimed;
      this.#saved = this.#save();
    }
    try {
      await this.#saved;
    } catch (error) {
      this.release(0, most);
      throw error;
    }
  }
}
