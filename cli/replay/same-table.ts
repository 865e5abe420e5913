import { refuseOtherStream } from '../../src/destination/known-stream.ts';
import type { KnownTable } from '../../src/destination/known-table.ts';
import { rememberTable } from '../../src/destination/known-table.ts';
import { findKnown, requireSameTable } from '../../src/destination/same-table.ts';
import { isKind, TailraceError } from '../../src/errors.ts';
import type { StreamArn } from '../../src/order/stream-arn.ts';
import { sightingOf } from '../../src/source/sighting.ts';
import type { TableDescription } from '../../src/source/table-reader.ts';
import type { Connection, Dependencies } from '../dependencies.ts';

/** The table of the stream that a replay reads. */
export type SeenTable = {
  readonly known: KnownTable;
  /** As DynamoDB has it now; `null` if it is gone, and the destination alone knows it. */
  readonly description: TableDescription | null;
};

/**
 * The table whose stream a replay reads, as DynamoDB has it now and the destination knows it. It creates nothing, so a dry
 * run refuses whatever the replay would.
 *
 * A stream outlives its table by a day. Until then it can be read, if it is named and the destination knows it.
 *
 * @throws {TailraceError} `destination-conflict` if the destination has another table under the name;
 *   `source-table-missing` if there is none, and no stream of it was named; `record-foreign` if that is another table's.
 */
export async function seenTable(
  { table: name, destination: at }: { readonly table: string; readonly destination: string },
  stream: StreamArn | null,
  { tables }: Connection,
  { openDestination }: Pick<Dependencies, 'openDestination'>,
): Promise<SeenTable> {
  const described = await tables.describe(name).catch((error: unknown) => {
    if (isKind(error, 'source-table-missing')) return error;
    throw error;
  });
  await using destination = await openDestination(at);
  if (described instanceof TailraceError) {
    const known = await findKnown(name, destination);
    if (!known?.seen) throw described;
    if (!stream) throw namingStream(described, known);
    refuseOtherStream(stream, known);
    return { known, description: null };
  }
  const known = await requireSameTable(described.table, destination);
  return { known: rememberTable(known, described.table, sightingOf(described)), description: described };
}

function namingStream(error: TailraceError, { source, seen }: KnownTable): TailraceError {
  const label = seen?.streams.at(-1);
  if (label === undefined) return error;
  const command = `tailrace replay ${source.name} --stream --stream-arn ${source.arn}/stream/${label}`;
  return new TailraceError(error.kind, error.message, {
    context: error.context,
    remedy: `${error.remedy} If it was deleted, its stream can be read for 24 hours: \`${command}\`.`,
    cause: error,
  });
}
