/** One thing that a failure left behind: a file, an object of a bucket, a message of a queue. */
export type FailedBatch = {
  /** Where it is, for messages: a path, a URL, a message's id. */
  readonly name: string;
  /**
   * Its bytes from the first on, however many; again each time that it is asked. They may be compressed, or no text.
   *
   * @throws {TailraceError} `event-invalid` if it can't be read, or isn't what it was when it was read first: that
   *   concerns this thing alone. Whatever the place rejects with concerns them all.
   */
  bytes(signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Called once all of it is durable: a message is deleted. */
  acknowledge(): Promise<void>;
  /** Called if some of it is not: it stays as it was, and a message can be received again once the place is closed. */
  leave(): Promise<void>;
};

/** A place where failures leave things behind. */
export interface FailedBatches {
  /** As a person names it. */
  readonly name: string;
  /** All that there is, one after the other, however many. */
  all(signal: AbortSignal): AsyncIterable<FailedBatch>;
  /**
   * Called once nobody is at work with any of them any more: what was kept, or given and never settled, is given back.
   *
   * @throws {TailraceError} if some of it can't be. The rest is.
   */
  close(): Promise<void>;
}
