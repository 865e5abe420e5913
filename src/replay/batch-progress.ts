import type { FailedBatch } from './failed-batch.ts';

/**
 * How far one batch is: settled once it was read to its end and every page with some of it is durable, unless some of
 * it is lost; otherwise kept. Once, whichever comes first.
 */
export class BatchProgress {
  readonly #batch: FailedBatch;
  #pending = 0;
  #isRead = false;
  #isLost = false;
  #isEnded = false;

  constructor(batch: FailedBatch) {
    this.#batch = batch;
  }

  /** Some of it is in one more page. */
  pageGiven(): void {
    this.#pending++;
  }

  /** One of these pages is durable. */
  async pageAcknowledged(): Promise<void> {
    this.#pending--;
    await this.#endIfDone();
  }

  /** Some of it can't be brought in any more. */
  partLost(): void {
    this.#isLost = true;
  }

  /** All of it has been read, and is in some page. */
  async readToEnd(): Promise<void> {
    this.#isRead = true;
    await this.#endIfDone();
  }

  /** Not all of it will be brought in: whoever comes next must find it. */
  async leave(): Promise<void> {
    await this.#end(false);
  }

  async #endIfDone(): Promise<void> {
    if (this.#isRead && this.#pending === 0) await this.#end(!this.#isLost);
  }

  async #end(isWhole: boolean): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
    await (isWhole ? this.#batch.acknowledge() : this.#batch.leave());
  }
}
