/**
 * A batch of records, with what is known of where they came from.
 *
 * Records are of Lambda's shape, or of GetRecords' with `eventSourceARN` added.
 */
export type RecordPage = {
  readonly records: readonly unknown[];
  readonly shardId: string | null;
  /** When the first of them arrived, in milliseconds since the epoch, if a failure record says so. */
  readonly firstArrivalAt: number | null;
  /** The rules of a transform that the records have been through already; `null` if they are raw. */
  readonly rules: string | null;
  /**
   * Records the progress behind this page: saves a checkpoint, deletes a message. Called once, and only when every
   * record of the page is durable or set aside. The progress itself is durable by the time that `pages` ends.
   */
  acknowledge(): Promise<void>;
};

/** Pages of records in an order that keeps each item's changes in sequence: a file, a shard, a queue, a bucket. */
export interface RecordSource {
  /** Gives pages until there are no more, or `signal` aborts. Throws a `TailraceError` where it can't go on. */
  pages(signal: AbortSignal): AsyncIterable<RecordPage>;
  /** Called once no page is being delivered any more, however it ended. Throws what can't be given back. */
  close?(): Promise<void>;
}
