import type { Clock } from '../../../src/clock.ts';

type Sleeper = {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
  readonly forget: () => void;
};

/** Time that passes only while all tasks sleep: a day takes milliseconds. */
export class VirtualClock implements Clock, Disposable {
  #now: number;
  #order = 0;
  readonly #sleepers = new Set<Sleeper>();

  constructor(now = Date.UTC(2026, 0, 2)) {
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

  /** Lets time pass without waking a sleeper, as for a stopped process that starts again. */
  jump(ms: number): void {
    this.#now += ms;
  }

  /** Lets time pass until `work` has settled; rejects as it does, or when time can't help it any more. */
  async run<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const done = work.finally(() => {
      settled = true;
    });
    done.catch(() => {});
    await this.#passUntil(() => settled, 'All tasks wait for something that never comes');
    return done;
  }

  /** Lets time pass until the condition holds. */
  async until(condition: () => boolean): Promise<void> {
    await this.#passUntil(condition, 'It never came true');
  }

  /** Ends time: sleepers sleep for ever. It frees the signals that they listen to, and all that hangs on them. */
  [Symbol.dispose](): void {
    for (const { forget } of [...this.#sleepers]) forget();
  }

  /** Resolves when no task can proceed without time. */
  protected async quiet(): Promise<void> {
    // Every promise that can proceed without time has done so after a turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Called when there is no sleeper, so that time can't help: throws, or waits for other events. */
  protected async starved(never: string): Promise<void> {
    throw new Error(never);
  }

  async #passUntil(condition: () => boolean, never: string): Promise<void> {
    for (let steps = 0; steps < 1_000_000; steps++) {
      await this.quiet();
      if (condition()) return;
      const next = this.#next();
      if (!next) {
        await this.starved(never);
        continue;
      }
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    throw new Error(`${never}: a million steps were taken`);
  }

  #next(): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (!next || sleeper.at < next.at || (sleeper.at === next.at && sleeper.order < next.order)) next = sleeper;
    }
    return next;
  }
}
