import { isKind } from '../errors.ts';
import type { SourceTable } from '../source/source-table.ts';
import type { TableSetup } from './destination.ts';
import type { KnownChangelog } from './known-table.ts';
import { refuseOtherSource } from './source-conflict.ts';

/**
 * Makes sure that a table, as DynamoDB has it now, is the one that a destination has under its name. Every command that
 * reads DynamoDB checks it before it asks for the stream, reads, writes or compares.
 *
 * @returns what the destination remembers; `undefined` if it has nothing under the name.
 * @throws {TailraceError} `destination-conflict` if it has another table: of another account or region, or one that was
 *   deleted since. The remedy says what to do.
 */
export async function requireSameTable(
  table: SourceTable,
  destination: Pick<TableSetup, 'known'>,
): Promise<KnownChangelog | undefined> {
  const known = await findKnown(table.name, destination);
  if (known !== undefined) refuseOtherSource(table, known.source);
  return known;
}

/** What a destination remembers under a name; `undefined` also where the destination doesn't exist yet. */
export async function findKnown(
  tableName: string,
  destination: Pick<TableSetup, 'known'>,
): Promise<KnownChangelog | undefined> {
  return destination.known(tableName).catch((error: unknown) => {
    if (isKind(error, 'destination-missing')) return undefined;
    throw error;
  });
}
