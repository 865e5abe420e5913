import type { AttributeMap } from '../../../src/value/attribute-value.ts';
import type * as model from '../../model/stream.ts';
import type { TableChange } from '../../model/table-change.ts';

/** A change of the simulated table, and where its record has come. */
export type Change = TableChange & {
  /** When its row became visible, in milliseconds since the epoch; `null` while it isn't durable. */
  visibleAt: number | null;
  /** Whether a row of it was stored so long after its stamp that it doesn't count as delivered. */
  isStoredLate: boolean;
  /** Whether a dead letter holds it. */
  isDeadLettered: boolean;
  /** Whether Lambda gave it up, into a bucket or a queue. */
  isGivenUp: boolean;
};

/** Streams of the simulated table, whose records know what became of their changes. */
export type ModelStream = model.ModelStream<Change>;
export type ModelShard = model.ModelShard<Change>;
export type ModelRecord = model.ModelRecord<Change>;

/** The event id of a change's record and row. */
export function eventIdOf({ id }: Pick<Change, 'id'>): string {
  return `event-${id}`;
}

/** The change's id in an event id; `NaN` if there is none. */
export function changeIdOf(eventId: unknown): number {
  return typeof eventId === 'string' ? Number(eventId.replace(/^event-/, '')) : Number.NaN;
}

/** The canonical text of a key. */
export function keyOf(name: string): string {
  return JSON.stringify([name]);
}

/** Whether JSON can carry an item exactly: it can't carry half a surrogate pair. */
export function isReadable(item: AttributeMap | null): boolean {
  return item === null || item['note'] === undefined;
}
