/** Records that a failed batch holds itself. */
export type BatchRecords = {
  readonly of: 'records';
  /** Of Lambda's shape or of GetRecords'. */
  readonly records: readonly unknown[];
  readonly shardId: string | null;
  /** When the first of them arrived, in milliseconds since the epoch. */
  readonly firstArrivalAt: number | null;
  /** The rules of a transform that they have been through; `null` if they are raw. */
  readonly rules: string | null;
};

/** Records that are only named. They are read from their stream again, which stores them for 24 hours. */
export type BatchRange = {
  readonly of: 'range';
  readonly streamArn: string;
  readonly shardId: string;
  /** The first sequence number, inclusive. */
  readonly from: string;
  /** The last sequence number, inclusive. */
  readonly to: string;
  /** Number of records in the range; `null` if the failure record doesn't name it. */
  readonly batchSize: number | null;
  /** As in {@link BatchRecords}. */
  readonly firstArrivalAt: number | null;
};

/** One part of a failed batch. */
export type ReplayItem = BatchRecords | BatchRange;
