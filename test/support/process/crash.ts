import { setImmediate } from 'node:timers/promises';

/** A process that dies at one of its waits: from then on nothing that waits for {@link step} goes on. */
export class Crash {
  #left: number;
  readonly #death = Promise.withResolvers<undefined>();

  /** @param after Steps that are still taken. */
  constructor(after: number) {
    this.#left = after;
  }

  get happened(): boolean {
    return this.#left < 0;
  }

  /**
   * What `run` gives, or `undefined` if the process died in it. By then whatever else it was about waits for a step, too,
   * and will for ever, so that nothing of it works beside the next process.
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
