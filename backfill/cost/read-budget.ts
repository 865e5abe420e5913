import type { Clock } from '../../src/clock.ts';
import { TailraceError } from '../../src/errors.ts';
import { MAX_GET_KEYS } from '../../src/source/batch-get.ts';
import type { FailedAttempt } from '../../src/source/table-reader.ts';
import { ReadRate } from './read-rate.ts';

/**
 * The most read capacity units that one page of a scan can cost, eventually consistent: half a unit for each 4 KB of
 * 1 MB, and of the item that crosses it, which is read too and has 400 KB at most.
 * Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html>
 */
export const MAX_PAGE_UNITS = (1024 + 400) / 8;

/** The most that reading an item by key can cost, strongly consistent: one unit for each 4 KB of 400 KB. */
const MAX_ITEM_UNITS = 100;
/** An answer ends behind the item that crosses 16 MB; each item is rounded up to 4 KB. */
const MAX_GET_UNITS = (16 * 1024 + 400) / 4 + MAX_GET_KEYS;

/**
 * The most read capacity units that one BatchGetItem of so many keys can cost.
 * Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html>
 */
export function maxGetUnits(keys: number): number {
  return Math.min(keys * MAX_ITEM_UNITS, MAX_GET_UNITS);
}

export type ReadBudgetOptions = {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Units that were used before, which count too. */
  readonly used?: number;
  /** Never to be passed; without, there is no cap. */
  readonly maxUnits?: number | undefined;
  /**
   * Keeps {@link ReadBudget.spoken}, waited for before pages are asked for that it speaks for. So a process that is
   * killed has never used more than it kept, and the cap of a later run counts it.
   */
  readonly keep?: () => Promise<void>;
  /** Units a second, over all segments; without, as fast as it goes until it is throttled. */
  readonly unitsPerSecond?: number | undefined;
};

/** The most that is spoken for ahead at once, so that it needn't be kept for each page. */
const MOST_AHEAD = 16 * MAX_PAGE_UNITS;
/**
 * Ahead goes no more than this part of the room, or without a cap of what was used: what is spoken for when a process is
 * killed counts as used.
 */
const PART_AHEAD = 0.1;

/**
 * Keeps reading within a cap and a rate.
 *
 * The most that a request can cost is reserved before it is sent, so the cap is never passed, whatever comes back. One
 * that was sent and never answered counts in full.
 */
export class ReadBudget {
  readonly #options: ReadBudgetOptions;
  readonly #rate: ReadRate;
  #used: number;
  /** What requests under way can cost at most. */
  #reserved = 0;
  #spoken: number;
  #kept: Promise<void> = Promise.resolve();
  #settled = Promise.withResolvers<void>();

  constructor(options: ReadBudgetOptions) {
    this.#options = options;
    this.#used = options.used ?? 0;
    this.#spoken = this.#used;
    this.#rate = new ReadRate(options.clock, options.unitsPerSecond);
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  /** Units used, those included that may have been used by pages without an answer. */
  get used(): number {
    return this.#used;
  }

  /** Units that may have been used by the time that this is kept; never beyond the cap. */
  get spoken(): number {
    return Math.max(this.#used + this.#reserved, this.#spoken);
  }

  /** No more pages are asked for: nothing is spoken for any longer that wasn't used, and isn't under way. */
  end(): void {
    this.#spoken = this.#used + this.#reserved;
  }

  /** The rate that was asked for, if any. */
  get unitsPerSecond(): number | undefined {
    return this.#options.unitsPerSecond;
  }

  /** How many units may still be reserved: all of them, without a cap. */
  get room(): number {
    return (this.#options.maxUnits ?? Number.POSITIVE_INFINITY) - this.#used - this.#reserved;
  }

  /**
   * Resolves when something may be asked for: then tell what became of it, by {@link answered} or {@link failed}, with
   * the same `most`.
   *
   * @param most The most that it can cost; by default, what a page of a scan can.
   * @throws {TailraceError} `read-cap-reached` if it could pass the cap.
   */
  async admit(most = MAX_PAGE_UNITS): Promise<void> {
    const { maxUnits = Number.POSITIVE_INFINITY, signal } = this.#options;
    for (;;) {
      if (this.#used + most > maxUnits) throw capReached(maxUnits, this.#used);
      if (most <= this.room) break;
      // Others are on their way, and cost less than they may.
      await this.#settled.promise;
    }
    this.#reserved += most;
    try {
      await this.#speakFor();
    } catch (error) {
      this.#settle(0, most);
      throw error;
    }
    await this.#rate.turn(signal);
  }

  /** An attempt that was admitted was answered. */
  answered(units: number, most = MAX_PAGE_UNITS): void {
    this.#rate.cost(units);
    this.#settle(units, most);
  }

  /** An attempt that was admitted failed. */
  failed(how: FailedAttempt, most = MAX_PAGE_UNITS): void {
    if (how === 'throttled') this.#rate.throttled();
    const units = how === 'unanswered' ? most : 0;
    this.#rate.cost(units);
    this.#settle(units, most);
  }

  async #speakFor(): Promise<void> {
    if (this.#used + this.#reserved > this.#spoken) {
      const of = this.#options.maxUnits === undefined ? this.#used : this.room;
      const ahead = Math.min(MOST_AHEAD, PART_AHEAD * of);
      this.#spoken = this.#used + this.#reserved + ahead;
      this.#kept = this.#options.keep?.() ?? this.#kept;
    }
    await this.#kept;
  }

  #settle(units: number, most: number): void {
    this.#used += units;
    this.#reserved -= most;
    this.#settled.resolve();
    this.#settled = Promise.withResolvers();
  }
}

function capReached(maxUnits: number, used: number): TailraceError {
  return new TailraceError('read-cap-reached', `The next read could pass the cap of ${maxUnits} read units`, {
    context: { used: Math.ceil(used) },
  });
}
