import { TailraceError } from '../errors.ts';
import type { TableDescription } from './table-reader.ts';

export type UsableStream = NonNullable<TableDescription['stream']>;

/**
 * The table's stream, if changes can be followed by it.
 *
 * @throws {TailraceError} `stream-missing` if it is off, `stream-view-type` if it keeps no new images.
 */
export function requireStream({ table, stream }: TableDescription): UsableStream {
  const context = { table: table.name };
  if (stream === null) throw new TailraceError('stream-missing', `Table ${table.name} has no stream`, { context });
  if (stream.viewType === 'NEW_AND_OLD_IMAGES' || stream.viewType === 'NEW_IMAGE') return stream;
  throw new TailraceError(
    'stream-view-type',
    `The stream of table ${table.name} keeps ${stream.viewType}, so no new images`,
    { context },
  );
}
