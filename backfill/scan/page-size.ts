import { MAX_PAGE_UNITS } from '../cost/request-cost.ts';

/** A page takes no more than what the rate gives in this time, so that others who read the table see no bursts. */
const PAGE_SECONDS = 1;
/** A page is rounded up to half a unit: smaller ones would cost noticeably more in all. */
const LEAST_PAGE_UNITS = 3;
/** What an item of 400 KB costs, eventually consistent: nothing is known of the first ones. */
const MAX_ITEM_UNITS = 50;
/** A page says little of what another of ten times as many items costs. */
const MOST_GROWTH = 8;

/**
 * How many items pages may have for a rate to hold from one second to the next.
 *
 * DynamoDB's own pages are of 1 MB, which is 128 read units at once: at a low rate, five seconds' worth and more.
 */
export class PageSize {
  readonly #units: number;
  #limit: number | undefined;

  /** @param unitsPerSecond The rate; without, pages are as large as they come. */
  constructor(unitsPerSecond = Number.POSITIVE_INFINITY) {
    this.#units = Math.max(unitsPerSecond * PAGE_SECONDS, LEAST_PAGE_UNITS);
    this.#limit = Math.max(1, Math.floor(this.#units / MAX_ITEM_UNITS));
  }

  /** The most items that the next page may have; `undefined` where DynamoDB's own bound is enough. */
  get limit(): number | undefined {
    return this.#units >= MAX_PAGE_UNITS ? undefined : this.#limit;
  }

  /** What a page had and cost. */
  cost(items: number, units: number): void {
    if (items === 0) return;
    const fitting = Math.floor((this.#units / units) * items);
    // A server that counts no units has no rate to keep.
    this.#limit = units === 0 ? undefined : Math.max(1, Math.min(fitting, items * MOST_GROWTH));
  }
}
