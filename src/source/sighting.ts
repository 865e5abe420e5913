import { streamArn } from '../order/stream-arn.ts';
import type { TableDescription } from './table-reader.ts';

/** What DynamoDB says of a table besides its identity, as far as it is worth remembering. */
export type Sighting = {
  /** When the table was created, in milliseconds since the epoch; `null` if the server doesn't say. */
  readonly createdAt: number | null;
  /** Labels of the streams that the table was seen with, the newest last. */
  readonly streams: readonly string[];
};

/** What one look at a table tells. */
export function sightingOf({ createdAt, stream }: Pick<TableDescription, 'createdAt' | 'stream'>): Sighting {
  return { createdAt, streams: stream === null ? [] : [streamArn(stream.arn).label] };
}
