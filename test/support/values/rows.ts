import type { ChangelogRow } from '../../../src/changelog/row.ts';
import { positionOf } from '../../../src/order/position.ts';
import type { SnapshotRow } from '../../../src/snapshot/row.ts';
import { digestOf } from '../../../src/value/digest.ts';

/** The label of the stream that rows are of by default. */
export const LABEL = '2026-01-02T03:04:05.678';

/** When rows changed by default, in milliseconds since the epoch. */
export const CHANGED_AT = Date.parse('2026-03-04T05:06:07Z');

/** The canonical key of an item whose only key attribute is the text `id`. */
export function keyOf(id: string): string {
  return JSON.stringify([id]);
}

/** The parts of a changelog row that a test sets; the others are ordinary. */
export type ChangeParts = {
  readonly label?: string;
  readonly sequenceNumber?: string;
} & Partial<ChangelogRow>;

/** A changelog row, an INSERT by default. Without a `newImage` its item has its id and sequence number. */
export function changeRow(id: string, parts: ChangeParts = {}): ChangelogRow {
  const { label = LABEL, sequenceNumber = '1', operation = 'INSERT', ...rest } = parts;
  const newImage =
    operation === 'REMOVE' ? null : (rest.newImage ?? `{"id":${JSON.stringify(id)},"n":"${sequenceNumber}"}`);
  return {
    key: keyOf(id),
    position: positionOf(label, sequenceNumber),
    sequenceNumber,
    eventId: `event-${sequenceNumber}`,
    changedAt: CHANGED_AT,
    oldImage: null,
    expired: false,
    origin: 'stream',
    generation: 1,
    ...rest,
    operation,
    newImage,
    digest: newImage === null ? null : digestOf(newImage),
  };
}

/** A snapshot row as a scan writes it; `item` is JSON text. */
export function scannedRow(id: string, item = `{"id":${JSON.stringify(id)},"scanned":true}`): SnapshotRow {
  return { key: keyOf(id), item, digest: digestOf(item) };
}
