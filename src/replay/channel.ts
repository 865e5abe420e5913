/**
 * Hands things over from several who bring them to one who takes them, without a store in between: who brings one waits
 * until it has been dealt with.
 */
export class Channel<T> {
  readonly #waiting: T[] = [];
  #arrived = Promise.withResolvers<void>();
  #isEnded = false;
  #failure: { readonly error: unknown } | undefined;

  /** Puts a thing down; it waits in line. */
  put(thing: T): void {
    this.#waiting.push(thing);
    this.#arrived.resolve();
  }

  /** Says that nothing more will come, or why. */
  end(failure?: { readonly error: unknown }): void {
    this.#isEnded = true;
    this.#failure = failure;
    this.#arrived.resolve();
  }

  /** Everything that is put down, until the end. Throws the failure that it ended with. */
  async *things(): AsyncGenerator<T> {
    for (;;) {
      const thing = this.#waiting.shift();
      if (thing !== undefined) yield thing;
      else if (this.#isEnded) break;
      else {
        this.#arrived = Promise.withResolvers();
        await this.#arrived.promise;
      }
    }
    if (this.#failure) throw this.#failure.error;
  }
}
