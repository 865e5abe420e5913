import { lowestPosition } from '../order/position.ts';
import type { Dialect } from './dialect.ts';

/** Sequence numbers have 21 to 28 digits today, and are padded to 40. */
const ZEROS = '0'.repeat(12);

/**
 * A position as a compaction stores it, as SQL: without the beginning that all positions of its stream have in common.
 *
 * Every query of a state reads the column, and BigQuery bills a text by its length: of 66 bytes, 30 are left. A position
 * that begins otherwise is stored whole, with the `/` that tells it apart.
 *
 * @param position An expression; NULL stays NULL.
 * @param streamLabel That of the compaction; `null` if it has none: then positions are stored whole.
 */
export function storedPosition(dialect: Dialect, position: string, streamLabel: string | null): string {
  if (streamLabel === null) return position;
  const beginning = beginningOf(streamLabel);
  const isCommon = `STARTS_WITH(${position}, ${dialect.text(beginning)})`;
  return `CASE WHEN ${isCommon} THEN SUBSTR(${position}, ${[...beginning].length + 1}) ELSE ${position} END`;
}

/** The position that a snapshot of this stream label stores as {@link storedPosition}, as SQL. */
export function wholePosition(dialect: Dialect, stored: string, streamLabel: string | null): string {
  if (streamLabel === null) return stored;
  return `CASE WHEN ${stored} LIKE '%/%' THEN ${stored} ELSE ${dialect.text(beginningOf(streamLabel))} || ${stored} END`;
}

function beginningOf(streamLabel: string): string {
  return `${lowestPosition(streamLabel)}${ZEROS}`;
}
