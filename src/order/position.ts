/**
 * A change's rank in the order of its table's changes, as text whose text order is that order.
 *
 * Stream label, `/`, and the sequence number padded with zeros to 40 digits. The label goes first because a stream that
 * was switched off and on again is a new stream whose numbers may start lower. Sequence numbers have up to 40 digits:
 * unpadded they compare wrongly as text, and they fit no number type.
 */
export type Position = string;

/** Source: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html> */
const MAX_DIGITS = 40;

const SEQUENCE_NUMBER = /^\d{1,40}$/;

/** Whether `value` is a sequence number: decimal digits as text, at most 40. */
export function isSequenceNumber(value: unknown): value is string {
  return typeof value === 'string' && SEQUENCE_NUMBER.test(value);
}

export function positionOf(label: string, sequenceNumber: string): Position {
  return `${label}/${sequenceNumber.padStart(MAX_DIGITS, '0')}`;
}

/** The stream label in a position. */
export function labelOf(position: Position): string {
  return position.slice(0, position.lastIndexOf('/'));
}

/** The text below which every position of an earlier stream label lies, and at or above which those of `label` do. */
export function lowestPosition(label: string): Position {
  return `${label}/`;
}

/** Orders sequence numbers by value. */
export function compareSequenceNumbers(a: string, b: string): number {
  const left = a.padStart(MAX_DIGITS, '0');
  const right = b.padStart(MAX_DIGITS, '0');
  return left < right ? -1 : left > right ? 1 : 0;
}
