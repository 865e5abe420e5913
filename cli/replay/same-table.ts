import type { KnownTable } from '../../src/destination/known-table.ts';
import { rememberTable } from '../../src/destination/known-table.ts';
import { requireSameTable } from '../../src/destination/same-table.ts';
import { sightingOf } from '../../src/source/sighting.ts';
import type { Dependencies, Source } from '../dependencies.ts';

/**
 * The table whose stream is to be read, as DynamoDB has it now and the destination remembers it. Nothing is made, so that
 * a dry run refuses what the replay would.
 *
 * @throws {TailraceError} `destination-conflict` if the destination keeps another table under the name.
 */
export async function seenTable(
  { table: name, destination: at }: { readonly table: string; readonly destination: string },
  { tables }: Source,
  { openDestination }: Pick<Dependencies, 'openDestination'>,
): Promise<KnownTable> {
  const description = await tables.describe(name);
  await using destination = await openDestination(at);
  const known = await requireSameTable(description.table, destination);
  return rememberTable(known, description.table, sightingOf(description));
}
