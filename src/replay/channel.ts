/** A queue in memory from several producers to one consumer. It has no bound: a producer waits for its value itself. */
export class Channel<T> {
  readonly #waiting: T[] = [];
  #arrived = Promise.withResolvers<void>();
  #isEnded = false;
  #failure: { readonly error: unknown } | undefined;

  /** Adds a value behind those that wait. */
  put(value: T): void {
    this.#waiting.push(value);
    this.#arrived.resolve();
  }

  /** Ends it: nothing more will be put. */
  end(failure?: { readonly error: unknown }): void {
    this.#isEnded = true;
    this.#failure = failure;
    this.#arrived.resolve();
  }

  /** All values until the end. Throws the failure that it ended with. */
  async *values(): AsyncGenerator<T> {
    for (;;) {
      const value = this.#waiting.shift();
      if (value !== undefined) yield value;
      else if (this.#isEnded) break;
      else {
        this.#arrived = Promise.withResolvers();
        await this.#arrived.promise;
      }
    }
    if (this.#failure) throw this.#failure.error;
  }
}
