import { MAX_PAGE_UNITS } from './request-cost.ts';

/** What a budget has spent, in read capacity units. Immutable: each step gives the next one. */
export type Spending = {
  /** Used, by requests without an answer too. */
  readonly used: number;
  /** The most that the requests in flight can cost. */
  readonly reserved: number;
};

/** The most that is claimed beyond what is spent, so that a claim needn't be saved for each page. */
const MAX_CLAIM_AHEAD = 16 * MAX_PAGE_UNITS;
/**
 * A claim goes at most this fraction of the room beyond what is spent; without a cap, this fraction of what was used. The
 * claim of a process that is killed counts as used.
 */
const CLAIM_AHEAD_FRACTION = 0.1;

/** How many units may still be reserved. */
export function roomIn({ used, reserved }: Spending, maxUnits = Number.POSITIVE_INFINITY): number {
  return maxUnits - used - reserved;
}

/**
 * Reserves the most that a request can cost.
 *
 * @returns `wait` if there may be room once requests in flight are answered; `capped` if there never will be.
 */
export function reserve(spending: Spending, most: number, maxUnits?: number): Spending | 'wait' | 'capped' {
  if (most > roomIn({ ...spending, reserved: 0 }, maxUnits)) return 'capped';
  if (most > roomIn(spending, maxUnits)) return 'wait';
  return { ...spending, reserved: spending.reserved + most };
}

/** Releases a reservation of `most` units, of which `units` were used. */
export function release({ used, reserved }: Spending, most: number, units: number): Spending {
  return { used: used + units, reserved: reserved - most };
}

/** What may have been used once the requests in flight have ended. */
export function spentBy({ used, reserved }: Spending): number {
  return used + reserved;
}

/** The claim that covers a spending: `claimed` where that does, else a new one, never beyond the cap. */
export function claimFor(spending: Spending, claimed: number, maxUnits?: number): number {
  const spent = spentBy(spending);
  if (spent <= claimed) return claimed;
  const base = maxUnits === undefined ? spending.used : roomIn(spending, maxUnits);
  return spent + Math.min(MAX_CLAIM_AHEAD, CLAIM_AHEAD_FRACTION * base);
}
