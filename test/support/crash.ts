/** A process that dies at one of its waits: from then on nothing that waits for {@link step} goes on. */
export class Crash {
  #left: number;
  #happened = false;

  /** @param after Steps that are still taken. */
  constructor(after: number) {
    this.#left = after;
  }

  get happened(): boolean {
    return this.#happened;
  }

  readonly step = (): Promise<void> => {
    if (this.#left-- > 0) return Promise.resolve();
    this.#happened = true;
    return new Promise(() => {});
  };
}
