/** Records that lie in what a failure left behind. */
export type BatchRecords = {
  readonly of: 'records';
  /** Of Lambda's shape or of GetRecords'. */
  readonly records: readonly unknown[];
  readonly shardId: string | null;
  /** When the first of them arrived, in milliseconds since the epoch. */
  readonly firstArrivalAt: number | null;
  /** The privacy rules that they have been through; `null` if they are raw. */
  readonly rules: string | null;
};

/** Records that are only named: they have to be read from their stream again, which keeps them for 24 hours. */
export type BatchRange = {
  readonly of: 'range';
  readonly streamArn: string;
  readonly shardId: string;
  /** The first sequence number, which is part of the range. */
  readonly from: string;
  /** The last one, which is part of it, too. */
  readonly to: string;
  /** How many records there are between them; `null` if that isn't said. */
  readonly batchSize: number | null;
  /** As in {@link BatchRecords}. */
  readonly firstArrivalAt: number | null;
};

/** What one failure left behind. */
export type ReplayItem = BatchRecords | BatchRange;
