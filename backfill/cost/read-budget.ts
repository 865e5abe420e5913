import type { Clock } from '../../src/clock.ts';
import { TailraceError } from '../../src/errors.ts';
import type { FailedAttempt } from '../../src/source/table-reader.ts';
import { ReadRate } from './read-rate.ts';
import { MAX_PAGE_UNITS } from './request-cost.ts';
import { release, reserve, roomIn, type Spending } from './spending.ts';

export type ReadBudgetOptions = {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Units that were used before, which count too. */
  readonly used?: number;
  /** Never to be passed; without, there is no cap. */
  readonly maxUnits?: number | undefined;
  /** Units a second, over all segments; without, as fast as it goes until it is throttled. */
  readonly unitsPerSecond?: number | undefined;
};

/**
 * Holds reading within a cap and a rate.
 *
 * The most that a request can cost is reserved before it is sent, so the cap is never passed, whatever the answer costs.
 * A request that was sent and never answered counts in full.
 */
export class ReadBudget {
  readonly #options: ReadBudgetOptions;
  readonly #rate: ReadRate;
  #spending: Spending;
  /** Resolves when the next reservation is released. */
  #released = Promise.withResolvers<void>();

  constructor(options: ReadBudgetOptions) {
    this.#options = options;
    this.#spending = { used: options.used ?? 0, reserved: 0 };
    this.#rate = new ReadRate(options.clock, options.unitsPerSecond);
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  /** Units used, by requests without an answer too. */
  get used(): number {
    return this.#spending.used;
  }

  /** The rate that was asked for, if any. */
  get unitsPerSecond(): number | undefined {
    return this.#options.unitsPerSecond;
  }

  /** How many units may still be reserved: `Infinity` without a cap. */
  get room(): number {
    return roomIn(this.#spending, this.#options.maxUnits);
  }

  /**
   * Resolves when a request may be sent. Report its end by {@link answered} or {@link failed}, with the same `most`.
   *
   * @param most The most that it can cost; by default, what a page of a scan can.
   * @throws {TailraceError} `read-cap-reached` if it could pass the cap.
   */
  async admit(most = MAX_PAGE_UNITS): Promise<void> {
    await this.reserve(most);
    await this.#rate.turn(this.#options.signal);
  }

  /** A request that was admitted was answered. */
  answered(units: number, most = MAX_PAGE_UNITS): void {
    this.#rate.cost(units);
    this.release(units, most);
  }

  /** A request that was admitted failed. */
  failed(how: FailedAttempt, most = MAX_PAGE_UNITS): void {
    if (how === 'throttled') this.#rate.throttled();
    this.answered(how === 'unanswered' ? most : 0, most);
  }

  protected get spending(): Spending {
    return this.#spending;
  }

  protected get maxUnits(): number | undefined {
    return this.#options.maxUnits;
  }

  /** Waits until `most` units are reserved. Throws as {@link admit} does. */
  protected async reserve(most: number): Promise<void> {
    const { maxUnits } = this.#options;
    let next = reserve(this.#spending, most, maxUnits);
    while (next === 'wait') {
      await this.#released.promise;
      next = reserve(this.#spending, most, maxUnits);
    }
    if (next === 'capped') {
      throw new TailraceError('read-cap-reached', `The next read could pass the cap of ${maxUnits} read units`, {
        context: { used: Math.ceil(this.used) },
      });
    }
    this.#spending = next;
  }

  protected release(units: number, most: number): void {
    this.#spending = release(this.#spending, most, units);
    this.#released.resolve();
    this.#released = Promise.withResolvers();
  }
}
