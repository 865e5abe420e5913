import type { DeadLetter, DeadLetters } from '../src/delivery/dead-letter.ts';

/** Counts the dead letters that one command stores. */
export class CountedDeadLetters implements DeadLetters {
  readonly #inner: DeadLetters;
  #count = 0;

  constructor(inner: DeadLetters) {
    this.#inner = inner;
  }

  /** Letters that are durable. A record set aside twice counts twice. */
  get count(): number {
    return this.#count;
  }

  async put(letter: DeadLetter): Promise<void> {
    await this.#inner.put(letter);
    this.#count++;
  }
}
