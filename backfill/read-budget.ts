import type { Clock } from '../src/clock.ts';
import { TailraceError } from '../src/errors.ts';
import type { FailedAttempt } from '../src/source/table-reader.ts';
import { ReadRate } from './read-rate.ts';

/**
 * The most read capacity units that one page of a scan can cost, eventually consistent: half a unit for each 4 KB of
 * 1 MB, and of the item that crosses it, which is read too and has 400 KB at most.
 * Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html>
 */
export const MAX_PAGE_UNITS = (1024 + 400) / 8;

export type ReadBudgetOptions = {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Units that were used before, which count too. */
  readonly used?: number;
  /** Never to be passed; without, there is no cap. */
  readonly maxUnits?: number | undefined;
  /**
   * With a cap: keeps {@link ReadBudget.spoken}, waited for before pages are asked for that it speaks for. So a process
   * that is killed has never used more than it kept.
   */
  readonly keep?: () => Promise<void>;
  /** Units a second, over all segments; without, as fast as it goes until it is throttled. */
  readonly unitsPerSecond?: number | undefined;
};

/** For so many pages ahead units are spoken for at once, so that they needn't be kept for each page. */
const PAGES_AHEAD = 16;

/**
 * Keeps reading within a cap and a rate.
 *
 * The most that a page can cost is reserved before it is asked for, so the cap is never passed, whatever comes back. A
 * page that was asked for and never answered counts in full.
 */
export class ReadBudget {
  readonly #options: ReadBudgetOptions;
  readonly #rate: ReadRate;
  #used: number;
  #inFlight = 0;
  #spoken: number;
  #kept: Promise<void> = Promise.resolve();
  #settled = Promise.withResolvers<void>();

  constructor(options: ReadBudgetOptions) {
    this.#options = options;
    this.#used = options.used ?? 0;
    this.#spoken = this.#used;
    this.#rate = new ReadRate(options.clock, options.unitsPerSecond);
  }

  /** Units used, those included that may have been used by pages without an answer. */
  get used(): number {
    return this.#used;
  }

  /** Units that may have been used by the time that this is kept. Without a cap, those that are known. */
  get spoken(): number {
    return this.#options.maxUnits === undefined ? this.#used : Math.max(this.#used, this.#spoken);
  }

  /** No more pages are asked for: nothing is spoken for any longer that wasn't used. */
  end(): void {
    this.#spoken = this.#used;
  }

  /**
   * Resolves when a page may be asked for: then tell what became of it, by {@link answered} or {@link failed}.
   *
   * @throws {TailraceError} `read-cap-reached` if one more page could pass the cap.
   */
  async admit(): Promise<void> {
    const { maxUnits = Number.POSITIVE_INFINITY, signal } = this.#options;
    for (;;) {
      if (this.#used + MAX_PAGE_UNITS > maxUnits) throw capReached(maxUnits, this.#used);
      if (this.#used + (this.#inFlight + 1) * MAX_PAGE_UNITS <= maxUnits) break;
      // Others are on their way, and cost less than they may.
      await this.#settled.promise;
    }
    this.#inFlight++;
    try {
      if (this.#options.maxUnits !== undefined) await this.#speakFor();
    } catch (error) {
      this.#settle(0);
      throw error;
    }
    await this.#rate.turn(signal);
  }

  /** An attempt that was admitted gave a page. */
  answered(units: number): void {
    this.#rate.cost(units);
    this.#settle(units);
  }

  /** An attempt that was admitted gave no page. */
  failed(how: FailedAttempt): void {
    if (how === 'throttled') this.#rate.throttled();
    const units = how === 'unanswered' ? MAX_PAGE_UNITS : 0;
    this.#rate.cost(units);
    this.#settle(units);
  }

  async #speakFor(): Promise<void> {
    if (this.#used + this.#inFlight * MAX_PAGE_UNITS > this.#spoken) {
      this.#spoken = this.#used + (this.#inFlight + PAGES_AHEAD) * MAX_PAGE_UNITS;
      this.#kept = this.#options.keep?.() ?? this.#kept;
    }
    await this.#kept;
  }

  #settle(units: number): void {
    this.#used += units;
    this.#inFlight--;
    this.#settled.resolve();
    this.#settled = Promise.withResolvers();
  }
}

function capReached(maxUnits: number, used: number): TailraceError {
  return new TailraceError('read-cap-reached', `The next page could pass the cap of ${maxUnits} read units`, {
    context: { used: Math.ceil(used) },
  });
}
