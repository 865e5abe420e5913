import type { StreamViewType } from '../source/table-reader.ts';

/** A part of a stream that is read in order. A parent's records come before its children's. */
export type Shard = {
  readonly id: string;
  /** `null` at a root. A parent that has been trimmed may still be named. */
  readonly parentId: string | null;
  readonly startingSequenceNumber: string | null;
  /** Not a proof that the shard is closed: some servers give an open shard one. */
  readonly endingSequenceNumber: string | null;
};

export type StreamDescription = {
  readonly arn: string;
  readonly label: string;
  readonly status: 'ENABLING' | 'ENABLED' | 'DISABLING' | 'DISABLED';
  readonly viewType: StreamViewType;
  /** When the stream was switched on, in milliseconds since the epoch. */
  readonly createdAt: number;
  readonly shards: readonly Shard[];
};

/** Where in a shard to begin. Never LATEST: it would skip the records before the call. */
export type IteratorStart =
  | { readonly at: 'TRIM_HORIZON' }
  | { readonly at: 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER'; readonly sequenceNumber: string };

/**
 * As many records as one page may hold, besides its limit of 1 MB.
 * Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html>
 */
export const MAX_PAGE_RECORDS = 1_000;

export type StreamPage = {
  /**
   * Of GetRecords' shape, at most {@link MAX_PAGE_RECORDS}; times and binary as the SDK gives them or as on the wire. May
   * be empty though the shard has more.
   */
  readonly records: readonly unknown[];
  /** `null` at the end of a closed shard, and only there. */
  readonly nextIterator: string | null;
};

/**
 * Reads a DynamoDB stream.
 *
 * Methods reject with a `TailraceError`: `stream-trimmed` for records that the stream has dropped, `iterator-expired`,
 * `source-throttled`, `stream-missing` for a stream or shard that isn't there, and the other `source-…` kinds.
 */
export interface StreamClient {
  /** Describes a stream, all pages of its shards. */
  describe(streamArn: string, signal?: AbortSignal): Promise<StreamDescription>;
  iterator(streamArn: string, shardId: string, start: IteratorStart, signal?: AbortSignal): Promise<string>;
  records(iterator: string, signal?: AbortSignal): Promise<StreamPage>;
}
