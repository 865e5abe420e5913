import type { AttributeMap } from '../../../src/value/attribute-value.ts';

/** One change of the model table, and what became of its record. */
export type Change = {
  readonly id: number;
  /** The item's key attribute. */
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
  /** When its row could be seen first; `null` while it isn't durable. */
  visibleAt: number | null;
  /** A dead letter holds it. */
  isLettered: boolean;
  /** Lambda gave it up into the failure bucket. */
  isParked: boolean;
};

/** What the records' event ids say, and the rows': the changes they are of. */
export function eventIdOf({ id }: Pick<Change, 'id'>): string {
  return `event-${id}`;
}

/** The number of the change in an event id; `NaN` if it is of none. */
export function changeIdOf(eventId: unknown): number {
  return typeof eventId === 'string' ? Number(eventId.replace(/^event-/, '')) : Number.NaN;
}

/** The canonical text of a key. */
export function keyOf(name: string): string {
  return JSON.stringify([name]);
}

/** Whether an item can be carried exactly: half a surrogate pair can't. */
export function isReadable(item: AttributeMap | null): boolean {
  return item === null || item['note'] === undefined;
}
