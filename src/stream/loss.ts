import type { IteratorStart } from './stream-client.ts';

/** Records that can no longer be read: the stream dropped them before they were durable. */
export type Loss = {
  /** A shard that came and went unseen stands for its ancestors that did so, too: nothing is known of them. */
  readonly shardId: string;
  /** Where reading was to begin or resume. */
  readonly start: IteratorStart;
  /** The first record that the stream still had; `null` if it had none of the range. */
  readonly before: string | null;
  /** The last record that was to be read; `null` for the shard's end. */
  readonly to: string | null;
  /** How many records; `null` if unknown. */
  readonly records: number | null;
};

/** A loss, and when a reader noticed it. */
export type NoticedLoss = Loss & {
  /** In milliseconds since the epoch. */
  readonly noticedAt: number;
};

/** Names a loss for a person: `shard shardId-1 from 100 to below 300, 12 records`. */
export function describeLoss({ shardId, start, before, to, records }: Loss): string {
  const from =
    start.at === 'TRIM_HORIZON'
      ? 'from its beginning'
      : `${start.at === 'AFTER_SEQUENCE_NUMBER' ? 'after' : 'from'} ${start.sequenceNumber}`;
  const until = before !== null ? `to below ${before}` : to !== null ? `to ${to}` : 'to its end';
  const count = records === null ? '' : `, ${records} ${records === 1 ? 'record' : 'records'}`;
  return `shard ${shardId} ${from} ${until}${count}`;
}
