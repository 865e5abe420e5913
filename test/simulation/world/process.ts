import type { Clock } from '../../../src/clock.ts';
import type { Random } from '../../../src/random.ts';
import { seededRandom } from '../../support/values/seeded-random.ts';

/** A laptop that is closed, and opened again. */
export type Nap = { readonly after: number; readonly ms: number };

export type ProcessOptions = {
  /** Names it in the story. */
  readonly name: string;
  readonly seed: number;
  /** How far its machine's clock is ahead of DynamoDB's, in milliseconds. */
  readonly skewMs?: number;
  /** Dies when it reaches the outside for the time after so many; `undefined` for never. */
  readonly crashAfter?: number | undefined;
  /** Its machine sleeps for so long when it reaches the outside for the time after so many. */
  readonly nap?: Nap | undefined;
  readonly onCrash?: () => void;
  readonly onNap?: () => void;
};

/**
 * Something that runs and can die at any wait: a Lambda's call, a command.
 *
 * Whatever it reaches the outside by goes through {@link gate}. Dead, nothing that waits there ever goes on: what it
 * was about to do isn't done, and what it was told isn't heard.
 */
export class Process implements Clock {
  readonly name: string;
  readonly random: Random;
  readonly #scheduler: Clock;
  readonly #options: ProcessOptions;
  readonly #stop = new AbortController();
  #dead = false;
  #gates = 0;
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

  /** Aborts when somebody presses Ctrl-C. */
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

  /** By its machine's clock. */
  now(): number {
    return this.#scheduler.now() + (this.#options.skewMs ?? 0);
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await this.#scheduler.sleep(ms, signal);
    await this.#awake();
    if (this.#dead) await never();
  }

  /** Does something outside: the process may die before it, and before it hears of it. */
  async reach<T>(work: () => Promise<T>): Promise<T> {
    await this.#gate();
    const result = await work().catch(async (error: unknown) => {
      await this.#gate();
      throw error;
    });
    await this.#gate();
    return result;
  }

  async #awake(): Promise<void> {
    const ms = this.#asleepUntil - this.#scheduler.now();
    if (ms > 0) await this.#scheduler.sleep(ms);
  }

  async #gate(): Promise<void> {
    const { crashAfter = Number.POSITIVE_INFINITY, nap, onNap } = this.#options;
    const gate = this.#gates++;
    if (gate >= crashAfter) this.kill();
    if (gate === nap?.after) {
      this.#asleepUntil = this.#scheduler.now() + nap.ms;
      onNap?.();
    }
    await this.#awake();
    if (this.#dead) await never();
  }
}

/** Nothing that waits for it goes on. */
function never(): Promise<never> {
  return new Promise(() => {});
}
