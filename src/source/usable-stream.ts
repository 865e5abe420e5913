import { TailraceError } from '../errors.ts';
import type { TableDescription } from './table-reader.ts';

export type UsableStream = NonNullable<TableDescription['stream']>;

/**
 * The table's stream, if changes can be followed by it.
 *
 * @throws {TailraceError} `lacksStreams` of the description; `stream-missing` if it is off, `stream-view-type` if it has no new images.
 */
export function requireStream(description: TableDescription): UsableStream {
  refuseWithoutStreams(description);
  const { table, stream } = description;
  const context = { table: table.name };
  if (stream === null) throw new TailraceError('stream-missing', `Table ${table.name} has no stream`, { context });
  if (stream.viewType === 'NEW_AND_OLD_IMAGES' || stream.viewType === 'NEW_IMAGE') return stream;
  throw new TailraceError(
    'stream-view-type',
    `The stream of table ${table.name} is of ${stream.viewType}, without new images`,
    { context },
  );
}

/** @throws {TailraceError} `source-invalid` on a server that has no streams at all, `config-invalid` where only the tables' endpoint is set. */
export function refuseWithoutStreams({ lacksStreams }: TableDescription): void {
  if (lacksStreams !== undefined) throw lacksStreams;
}

export const NO_STREAMS_REMEDY =
  'Tailrace reads changes from streams: use a server that has them, such as DynamoDB itself.';

/** The error for a server that has no streams. */
export function noStreams(table: string, endpoint: string): TailraceError {
  return new TailraceError('source-invalid', `${endpoint} has no streams: none can be switched on for table ${table}`, {
    context: { table },
    remedy: NO_STREAMS_REMEDY,
  });
}
