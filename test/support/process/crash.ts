import { setImmediate } from 'node:timers/promises';

/** Scripts the fault `crash`: a process dies at one of its waits, and from then on {@link step} never resolves. */
export class Crash {
  #left: number;
  readonly #death = Promise.withResolvers<undefined>();

  /** @param after The number of steps before the crash. */
  constructor(after: number) {
    this.#left = after;
  }

  get happened(): boolean {
    return this.#left < 0;
  }

  /**
   * The result of `run`, or `undefined` if the process died in it. By then all of its other work waits for a step too, so
   * that none of it runs beside the next process.
   */
  async outcomeOf<T>(run: Promise<T>): Promise<T | undefined> {
    const outcome = await Promise.race([run, this.#death.promise]);
    await setImmediate();
    return outcome;
  }

  readonly step = (): Promise<void> => {
    if (this.#left-- > 0) return Promise.resolve();
    this.#death.resolve(undefined);
    return new Promise(() => {});
  };
}
