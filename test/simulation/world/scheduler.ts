import type { Clock } from '../../../src/clock.ts';

type Sleeper = {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
  readonly forget: () => void;
};

/** So many waits that no history needs them: something waits for ever. */
const MAX_WAITS = 1_000_000;

/**
 * Time that passes only while everybody sleeps, and never while a database works.
 *
 * The database answers from threads of its own, at moments that nobody owns. So its work is taken one after the other
 * and time stands still meanwhile: what happens next never depends on how fast the machine is.
 */
export class Scheduler implements Clock, Disposable {
  #now: number;
  #order = 0;
  readonly #sleepers = new Set<Sleeper>();
  #turns: Promise<unknown> = Promise.resolve();
  #working = 0;

  /** @param now Milliseconds since the epoch. */
  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const forget = () => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', wake);
      };
      const wake = () => {
        forget();
        resolve();
      };
      const sleeper = { at: this.#now + Math.max(0, ms), order: this.#order++, wake, forget };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** Does real work, in its turn, with time standing still. */
  async work<T>(turn: () => Promise<T>): Promise<T> {
    this.#working++;
    const taken = this.#turns.then(turn);
    this.#turns = taken.catch(() => {});
    try {
      return await taken;
    } finally {
      this.#working--;
    }
  }

  /** Lets time pass until `work` has settled, and gives what it gives. */
  async run<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const done = work.finally(() => {
      settled = true;
    });
    done.catch(() => {});
    for (let waits = 0; ; waits++) {
      await this.#quiet();
      if (settled) return done;
      const next = this.#next();
      if (!next) throw new Error('Everybody waits for something that never comes');
      if (waits > MAX_WAITS) throw new Error('The history never ends');
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
  }

  /** Ends time: who sleeps now sleeps for ever. Node would keep the signals that they listen to, and all behind them. */
  [Symbol.dispose](): void {
    for (const { forget } of [...this.#sleepers]) forget();
  }

  /** Resolves when nothing can go on without time. */
  async #quiet(): Promise<void> {
    do {
      await this.#turns;
      // Every promise that can go on without time has done so when the event loop comes round.
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.#working > 0);
  }

  #next(): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (!next || sleeper.at < next.at || (sleeper.at === next.at && sleeper.order < next.order)) next = sleeper;
    }
    return next;
  }
}
