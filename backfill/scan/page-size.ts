import { MAX_PAGE_UNITS } from '../cost/request-cost.ts';

/** A page takes at most what the rate gives in this time, so that other readers of the table see no bursts. */
const PAGE_SECONDS = 1;
/** A page is rounded up to half a unit: smaller ones would cost noticeably more in all. */
const LEAST_PAGE_UNITS = 3;
/** What an item of 400 KB costs, eventually consistent: the first items may be as large. */
const MAX_ITEM_UNITS = 50;
/** A small page says little of the cost of a much larger one. */
const MOST_GROWTH = 8;

/**
 * How many items pages may have for a rate to hold from one second to the next.
 *
 * DynamoDB's own pages are of 1 MB, which is 128 read units at once: at a low rate, five seconds' worth and more.
 */
export class PageSize {
  readonly #units: number;
  #limit: number | undefined;

  /** @param unitsPerSecond The rate; without it, only DynamoDB bounds pages. */
  constructor(unitsPerSecond = Number.POSITIVE_INFINITY) {
    this.#units = Math.max(unitsPerSecond * PAGE_SECONDS, LEAST_PAGE_UNITS);
    this.#limit = Math.max(1, Math.floor(this.#units / MAX_ITEM_UNITS));
  }

  /** The most items that the next page may have; `undefined` where DynamoDB's own bound is enough. */
  get limit(): number | undefined {
    return this.#units >= MAX_PAGE_UNITS ? undefined : this.#limit;
  }

  /** Reports how many items a page had and what it cost. */
  cost(items: number, units: number): void {
    if (items === 0) return;
    const fitting = Math.floor((this.#units / units) * items);
    // A server that counts no units has no rate to hold.
    this.#limit = units === 0 ? undefined : Math.max(1, Math.min(fitting, items * MOST_GROWTH));
  }
}
