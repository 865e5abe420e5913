import type { AttributeMap } from '../../../src/value/attribute-value.ts';
import type * as model from '../../model/stream.ts';
import type { TableChange } from '../../model/table-change.ts';

/** One change of the simulated table, and what became of its record. */
export type Change = TableChange & {
  /** When its row could be seen first; `null` while it isn't durable. */
  visibleAt: number | null;
  /** A dead letter holds it. */
  isDeadLettered: boolean;
  /** Lambda gave it up into the failure bucket. */
  isGivenUp: boolean;
};

/** Streams of the simulated table, whose records know what became of their changes. */
export type ModelStream = model.ModelStream<Change>;
export type ModelShard = model.ModelShard<Change>;
export type ModelRecord = model.ModelRecord<Change>;

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
