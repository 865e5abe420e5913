/** A change in a stream, by the fields that identify its row in a changelog. */
export type StreamedChange = {
  readonly shardId: string;
  readonly position: string;
  /** Empty if it can't be read; then the change can only be a dead letter. */
  readonly key: string;
  /** As the stream spells it. */
  readonly sequenceNumber: string;
  /** Milliseconds since the epoch. */
  readonly changedAt: number;
  /** 1 if it is among the dead letters, otherwise 0. */
  readonly parked: 0 | 1;
};
