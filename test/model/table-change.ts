import type { AttributeMap } from '../../src/value/attribute-value.ts';

/** One change of an item of a {@link ModelTable}, and where its record lies. */
export type TableChange = {
  readonly id: number;
  /** Names the item: a text that its key alone decides. */
  readonly name: string;
  /** When it was made, by DynamoDB's clock, in milliseconds since the epoch. */
  readonly at: number;
  readonly before: AttributeMap | null;
  readonly after: AttributeMap | null;
  /** Removed by time to live. */
  readonly expired: boolean;
  /** Label of the stream that was on last when it was made, whether or not that kept it; empty before the first. */
  readonly label: string;
  /** Its record's number in its shard; `null` if no stream kept it. */
  number: string | null;
  shardId: string | null;
};
