import { TailraceError } from '../../src/errors.ts';
import type { TableDescription } from '../../src/source/table-reader.ts';
import type { UsableStream } from '../../src/source/usable-stream.ts';
import type { Connection } from '../dependencies.ts';
import { counted } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';

/**
 * Readers that a shard has room for. A global table's replication takes one of them.
 * Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html>
 */
const ROOM = { single: 2, global: 1 };

/** Warns where another reader of the stream would be one too many: then all of them are throttled. */
export async function warnOfStreamReaders(
  { table, isGlobal }: Pick<TableDescription, 'table' | 'isGlobal'>,
  streamArn: string,
  connection: Connection,
  output: Output,
): Promise<void> {
  let mappings: number | null;
  try {
    mappings = await connection.countMappings(streamArn);
  } catch (error) {
    if (!(error instanceof TailraceError)) throw error;
    output.note(
      `The Lambdas that read the stream of ${table.name} could not be counted: ${error.message}. ${error.remedy}`,
    );
    return;
  }
  const room = isGlobal ? ROOM.global : ROOM.single;
  if (mappings === null || mappings < room) return;
  const why = isGlobal
    ? `${table.name} is a global table, whose shards have room for one reader`
    : 'a shard has room for two readers';
  output.warn(
    `${counted(mappings, 'Lambda')} ${mappings === 1 ? 'reads' : 'read'} the stream of ${table.name}, and ${why}: ` +
      'this command may be throttled, and so may Lambda; it waits and retries.',
  );
}

/** Warns that a stream without old images leaves one column of the changelog empty. */
export function warnOfViewType({ viewType }: UsableStream, output: Pick<Output, 'warn'>): void {
  if (viewType === 'NEW_AND_OLD_IMAGES') return;
  output.warn(
    `The stream is of ${viewType}: old_image will be NULL in the changelog. The current state is complete all the same.`,
  );
}
