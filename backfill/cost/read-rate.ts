import type { Clock } from '../../src/clock.ts';

/** What was not used of the rate this long ago may be made up for: a late timer slows nothing down. */
const CREDIT_MS = 1_000;

/** How much one page says of what the next will cost. */
const WEIGHT = 0.1;

/** Throttled, the rate falls to this part of itself, once for all requests that were under way. */
const SLOWDOWN = 0.7;
const SLOWDOWN_EVERY_MS = 1_000;

/** Not throttled for so long, it rises again by this much. */
const RECOVERY = 1.1;
const RECOVERY_EVERY_MS = 10_000;

/**
 * Spaces out pages so that all of them together cost so many read units a second.
 *
 * What a page costs is known when it has come; until then it is taken to cost what those before it did. So the rate holds
 * over time, whatever the pages cost. Throttled, it goes slower, and then slowly faster again.
 */
export class ReadRate {
  readonly #clock: Clock;
  readonly #wanted: number;
  readonly #beganAt: number;
  #limit: number;
  #total = 0;
  /** What a page costs, by those that have come. */
  #expected = 0;
  /** Pages that had their turn, or wait for it, and haven't told their cost. */
  #open = 0;
  /** By when all costs that are known are within the rate. */
  #paidAt: number;
  #changedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, unitsPerSecond = Number.POSITIVE_INFINITY) {
    this.#clock = clock;
    this.#wanted = unitsPerSecond;
    this.#limit = unitsPerSecond;
    this.#beganAt = clock.now();
    this.#paidAt = this.#beganAt;
  }

  /** Resolves when the next page may be asked for, or at once when `signal` aborts. Tell its {@link cost} then. */
  async turn(signal: AbortSignal): Promise<void> {
    const now = this.#clock.now();
    this.#recover(now);
    const onTheirWay = this.#open * this.#msOf(this.#expected);
    this.#paidAt = Math.max(this.#paidAt, now - CREDIT_MS - onTheirWay);
    const at = this.#paidAt + onTheirWay;
    this.#open++;
    if (at > now) await this.#clock.sleep(at - now, signal);
  }

  /** What a page cost that had its turn. */
  cost(units: number): void {
    this.#total += units;
    this.#open--;
    this.#paidAt += this.#msOf(units);
    // Each page moves the expectation a little, so that one of another size doesn't.
    this.#expected += (units - this.#expected) * (this.#expected === 0 ? 1 : WEIGHT);
  }

  throttled(): void {
    const now = this.#clock.now();
    if (now - this.#changedAt < SLOWDOWN_EVERY_MS) return;
    this.#changedAt = now;
    const seconds = Math.max(1, (now - this.#beganAt) / 1_000);
    this.#limit = Math.max(1, Math.min(this.#limit, this.#total / seconds) * SLOWDOWN);
    this.#paidAt = Math.max(this.#paidAt, now);
  }

  #recover(now: number): void {
    if (this.#limit >= this.#wanted || now - this.#changedAt < RECOVERY_EVERY_MS) return;
    this.#changedAt = now;
    this.#limit = Math.min(this.#wanted, this.#limit * RECOVERY);
  }

  #msOf(units: number): number {
    return this.#limit === Number.POSITIVE_INFINITY ? 0 : (units * 1_000) / this.#limit;
  }
}
