import type { AttributeMap } from '../../src/value/attribute-value.ts';

/** One change of an item of a {@link ModelTable}, and where its record is. */
export type TableChange = {
  readonly id: number;
  /** The item's name: a text that depends on its key alone. */
  readonly name: string;
  /** When it was made, by DynamoDB's clock, in milliseconds since the epoch. */
  readonly at: number;
  readonly before: AttributeMap | null;
  readonly after: AttributeMap | null;
  /** Whether time to live removed the item. */
  readonly expired: boolean;
  /** The label of the last stream at that time, whether or not it captured the change; empty before the first. */
  readonly label: string;
  /** Its record's sequence number; `null` if no stream captured it. */
  number: string | null;
  shardId: string | null;
};
