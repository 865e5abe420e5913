import { streamArn } from '../order/stream-arn.ts';
import type { TableDescription } from './table-reader.ts';

/** Facts about a table besides its identity that a destination remembers. */
export type Sighting = {
  /** When the table was created, in milliseconds since the epoch; `null` if the server doesn't say. */
  readonly createdAt: number | null;
  /** Labels of the streams that the table was seen with, the newest last. */
  readonly streams: readonly string[];
};

/** The sighting of one description. */
export function sightingOf({ createdAt, stream }: Pick<TableDescription, 'createdAt' | 'stream'>): Sighting {
  return { createdAt, streams: stream === null ? [] : [streamArn(stream.arn).label] };
}
