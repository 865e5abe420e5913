import type { FailedBatch } from './failed-batch.ts';

/**
 * Follows one failed batch to its end. It is acknowledged once it was read to its end and every page with some of its
 * records is durable, unless some of them are lost; otherwise it is left. Either happens once, whichever comes first.
 */
export class BatchProgress {
  readonly #batch: FailedBatch;
  #openPages = 0;
  #isRead = false;
  #isLost = false;
  #isEnded = false;

  constructor(batch: FailedBatch) {
    this.#batch = batch;
  }

  /** One more page has some of its records. */
  pageGiven(): void {
    this.#openPages++;
  }

  /** One of these pages is durable. */
  async pageAcknowledged(): Promise<void> {
    this.#openPages--;
    await this.#endIfDone();
  }

  /** Some of its records can't be had any more. */
  partLost(): void {
    this.#isLost = true;
  }

  /** All of it has been read, and is in some page. */
  async readToEnd(): Promise<void> {
    this.#isRead = true;
    await this.#endIfDone();
  }

  /** Not all of it will be delivered: the next run must find it. */
  async leave(): Promise<void> {
    await this.#end(false);
  }

  async #endIfDone(): Promise<void> {
    if (this.#isRead && this.#openPages === 0) await this.#end(!this.#isLost);
  }

  async #end(isWhole: boolean): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
    await (isWhole ? this.#batch.acknowledge() : this.#batch.leave());
  }
}
