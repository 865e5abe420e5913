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

  /** Resolves when it dies; never if it doesn't. */
  get death(): Promise<undefined> {
    return this.#death.promise;
  }

  readonly step = (): Promise<void> => {
    if (this.#left-- > 0) return Promise.resolve();
    this.#death.resolve(undefined);
    return new Promise(() => {});
  };
}
