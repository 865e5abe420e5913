import type { Clock } from '../../../src/clock.ts';
import type { Random } from '../../../src/random.ts';
import { seededRandom } from '../../support/values/seeded-random.ts';

/** A laptop that is closed before step `after`, and opened again after `ms` milliseconds. */
export type Nap = { readonly after: number; readonly ms: number };

export type ProcessOptions = {
  /** Its name in the story. */
  readonly name: string;
  readonly seed: number;
  /** How far its machine's clock is ahead of DynamoDB's, in milliseconds. */
  readonly ahead?: () => number;
  /** It dies at this step, counted from 0; `undefined` for never. */
  readonly crashAfter?: number | undefined;
  readonly nap?: Nap | undefined;
  readonly onCrash?: () => void;
  readonly onNap?: () => void;
};

/**
 * A process that can die at any wait: a call of the function, or a command.
 *
 * All that it does outside goes through {@link Process.reach}, two steps each: one before the work, one before its answer.
 * A dead process never gets past a step, so that it does nothing further and learns nothing of what it has done.
 */
export class Process implements Clock {
  readonly name: string;
  readonly random: Random;
  readonly #scheduler: Clock;
  readonly #options: ProcessOptions;
  readonly #stop = new AbortController();
  #dead = false;
  #steps = 0;
  #asleepUntil = 0;

  constructor(scheduler: Clock, options: ProcessOptions) {
    this.name = options.name;
    this.random = seededRandom(options.seed);
    this.#scheduler = scheduler;
    this.#options = options;
  }

  get isDead(): boolean {
    return this.#dead;
  }

  /** Aborts on Ctrl-C. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  stop(): void {
    this.#stop.abort();
  }

  kill(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#options.onCrash?.();
  }

  /** The time by its machine's clock. */
  now(): number {
    return this.#scheduler.now() + (this.#options.ahead?.() ?? 0);
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await this.#scheduler.sleep(ms, signal);
    await this.#awake();
    if (this.#dead) await never();
  }

  /** Does something outside. The process may die before the work, or before its answer. */
  async reach<T>(work: () => Promise<T>): Promise<T> {
    await this.#step();
    const result = await work().catch(async (error: unknown) => {
      await this.#step();
      throw error;
    });
    await this.#step();
    return result;
  }

  async #awake(): Promise<void> {
    const ms = this.#asleepUntil - this.#scheduler.now();
    if (ms > 0) await this.#scheduler.sleep(ms);
  }

  async #step(): Promise<void> {
    const { crashAfter = Number.POSITIVE_INFINITY, nap, onNap } = this.#options;
    const step = this.#steps++;
    if (step >= crashAfter) this.kill();
    if (step === nap?.after) {
      this.#asleepUntil = this.#scheduler.now() + nap.ms;
      onNap?.();
    }
    await this.#awake();
    if (this.#dead) await never();
  }
}

/** Never settles. */
function never(): Promise<never> {
  return new Promise(() => {});
}
