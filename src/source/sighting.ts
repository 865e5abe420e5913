import { streamArn } from '../order/stream-arn.ts';
import type { KeyAttribute } from '../value/key-attribute.ts';
import type { TableDescription } from './table-reader.ts';

/** Facts about a table besides its identity that a destination remembers. */
export type Sighting = {
  /** When the table was created, in milliseconds since the epoch; `null` if the server doesn't say. */
  readonly createdAt: number | null;
  /** Labels of the streams that the table was seen with, the newest last. */
  readonly streams: readonly string[];
  /** Attributes of the primary key, the partition key first. @default none, where no version before has asked */
  readonly keys?: readonly KeyAttribute[];
};

/** The sighting of one description. */
export function sightingOf({
  createdAt,
  stream,
  keys,
}: Pick<TableDescription, 'createdAt' | 'stream' | 'keys'>): Sighting {
  return { createdAt, keys, streams: stream === null ? [] : [streamArn(stream.arn).label] };
}
