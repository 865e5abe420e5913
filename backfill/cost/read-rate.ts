import type { Clock } from '../../src/clock.ts';

/** Rate left unused within this time may be made up for, so that a late timer slows nothing down. */
const CREDIT_MS = 1_000;

/** How much one page's cost moves the expected cost of the next. */
const WEIGHT = 0.1;

/** When throttled, the rate falls to this fraction of itself, once for all requests in flight. */
const SLOWDOWN = 0.7;
const SLOWDOWN_EVERY_MS = 1_000;

/** After `RECOVERY_EVERY_MS` without throttling, the rate rises by this factor. */
const RECOVERY = 1.1;
const RECOVERY_EVERY_MS = 10_000;

/**
 * Spaces out pages so that together they cost at most a given number of read units a second.
 *
 * A page's cost is known when it arrives; until then it is expected to cost what earlier pages did. So the rate holds over
 * time, whatever the pages cost. When DynamoDB throttles, the rate falls, and then slowly rises again.
 */
export class ReadRate {
  readonly #clock: Clock;
  readonly #wanted: number;
  readonly #beganAt: number;
  #limit: number;
  #total = 0;
  /** What a page is expected to cost, by those that have arrived. */
  #expected = 0;
  /** Pages that have their turn, or wait for it, and whose cost isn't known yet. */
  #inFlight = 0;
  /** From this time on all known costs are within the rate. */
  #paidAt: number;
  #changedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, unitsPerSecond = Number.POSITIVE_INFINITY) {
    this.#clock = clock;
    this.#wanted = unitsPerSecond;
    this.#limit = unitsPerSecond;
    this.#beganAt = clock.now();
    this.#paidAt = this.#beganAt;
  }

  /** Resolves when the next page may be requested, or at once when `signal` aborts. Report its {@link cost} then. */
  async turn(signal: AbortSignal): Promise<void> {
    const now = this.#clock.now();
    this.#recover(now);
    const inFlightMs = this.#inFlight * this.#msOf(this.#expected);
    this.#paidAt = Math.max(this.#paidAt, now - CREDIT_MS - inFlightMs);
    const at = this.#paidAt + inFlightMs;
    this.#inFlight++;
    if (at > now) await this.#clock.sleep(at - now, signal);
  }

  /** Reports what a page that had its turn has cost. */
  cost(units: number): void {
    this.#total += units;
    this.#inFlight--;
    this.#paidAt += this.#msOf(units);
    // Each page moves the expectation a little, so that one odd page doesn't move it much.
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
