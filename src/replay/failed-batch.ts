/** What one failure left behind: a file, an object of a bucket, or a message of a queue. */
export type FailedBatch = {
  /** Where it is, for messages: a path, a URL, a message's id. */
  readonly name: string;
  /**
   * Its bytes from the first on; each call starts again. They may be compressed, or no text.
   *
   * @throws {TailraceError} `event-invalid` if it can't be read, or has changed since it was first read: this concerns the
   *   one batch. Every other error concerns the whole location.
   */
  bytes(signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Called once all of it is durable: a message is deleted. */
  acknowledge(): Promise<void>;
  /** Called if some of it isn't: it stays as it was. A message can be received again once the location is closed. */
  leave(): Promise<void>;
};

/** The failed batches of one location. */
export interface FailedBatches {
  /** As a person names it. */
  readonly name: string;
  /** All that there are, one after the other. */
  all(signal: AbortSignal): AsyncIterable<FailedBatch>;
  /**
   * Called once no batch is being delivered any more. Gives back every batch that was left or never acknowledged.
   *
   * @throws {TailraceError} if one of them can't be given back. The others are.
   */
  close(): Promise<void>;
}
