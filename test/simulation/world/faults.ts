import type { Clock } from '../../../src/clock.ts';
import type { OneOf } from '../../support/faults.ts';

/** How late is what arrives or runs late, in milliseconds. */
export const LATE_MS = 3 * 60 * 60_000;

/** Faults of a number of calls, by the model that has them. */
type Counted = {
  readonly stream: OneOf<'throttle' | 'expire' | 'empty-page'>;
  /** Of its inserts and load jobs. */
  readonly warehouse: OneOf<'lose-response' | 'store-part' | 'arrive-late' | 'run-late' | 'refuse-job'>;
  readonly publications: OneOf<'lose-response'>;
  readonly lambda: OneOf<'deliver-twice' | 'drop-payload'>;
};

/** Faults that last for some time, by the model that has them. */
type Lasting = {
  readonly warehouse: OneOf<'refuse' | 'exceed-quota' | 'not-found' | 'delay' | 'show-late'>;
  readonly 'dead letters': OneOf<'refuse'>;
  readonly lambda: OneOf<'pause'>;
};

type Pair<Of> = { [At in keyof Of]: { readonly at: At; readonly fault: Of[At] } }[keyof Of];

/** The next `count` calls of a model go wrong. */
export type CountedFault = Pair<Counted> & { readonly count: number };

/** A model goes wrong for `ms` milliseconds; one that is late is late `by` milliseconds. */
export type LastingFault = Pair<Lasting> & { readonly ms: number; readonly by?: number };

/** How a call of the function ends early: it dies or hangs before its append (0), or after it (1). */
export type EarlyCallEnd = { readonly fault: OneOf<'crash' | 'hang'>; readonly after: 0 | 1 };

/** The faults of a history's world that are still to come, or last. */
export class Faults {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #left = new Map<string, number>();
  readonly #lasting = new Map<string, { readonly until: number; readonly by: number }>();
  /** How the next calls of the function end. */
  readonly earlyCallEnds: EarlyCallEnd[] = [];
  /** Keys whose rows the warehouse rejects. */
  readonly rejected = new Set<string>();
  /** Keys whose rows it has ever rejected. */
  readonly everRejected = new Set<string>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Replaces what was left of the same fault. */
  failNext({ at, fault, count }: CountedFault): void {
    this.#left.set(`${at} ${fault}`, count);
  }

  /** Begins now. */
  failFor({ at, fault, ms, by = 0 }: LastingFault): void {
    this.#lasting.set(`${at} ${fault}`, { until: this.#clock.now() + ms, by });
  }

  reject(key: string): void {
    this.rejected.add(key);
    this.everRejected.add(key);
  }

  /** Takes a fault for a call that begins. Gives whether one was left. */
  take<At extends keyof Counted>(at: At, fault: Counted[At]): boolean {
    const left = this.#left.get(`${at} ${fault}`) ?? 0;
    if (left > 0) this.#left.set(`${at} ${fault}`, left - 1);
    return left > 0;
  }

  lasts<At extends keyof Lasting>(at: At, fault: Lasting[At]): boolean {
    return this.#clock.now() < this.until(at, fault);
  }

  /** When a fault ends, in milliseconds since the epoch. */
  until<At extends keyof Lasting>(at: At, fault: Lasting[At]): number {
    return this.#lasting.get(`${at} ${fault}`)?.until ?? 0;
  }

  /** By how many milliseconds a model is late; 0 if it isn't. */
  lateBy(at: 'warehouse', fault: OneOf<'delay' | 'show-late'>): number {
    return this.lasts(at, fault) ? (this.#lasting.get(`${at} ${fault}`)?.by ?? 0) : 0;
  }

  /** Ends all of them, except for rows that are rejected. */
  heal(): void {
    this.#left.clear();
    this.#lasting.clear();
    this.earlyCallEnds.length = 0;
  }
}
