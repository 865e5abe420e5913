import { TailraceError } from '../errors.ts';
import { likeliestName } from '../schema/likeliest-path.ts';
import type { SourceTable } from '../source/source-table.ts';
import type { Destination } from './destination.ts';
import type { KnownChangelog } from './known-table.ts';

/**
 * What a destination has under a table's name, for a command that needs no AWS.
 *
 * @throws {TailraceError} `destination-missing` if it has nothing of the table, `destination-conflict` if that was made
 *   by another version of Tailrace.
 */
export async function requireKnown(
  tableName: string,
  destination: Pick<Destination, 'known' | 'sources' | 'name'>,
): Promise<KnownChangelog> {
  const known = await destination.known(tableName);
  if (known === undefined) throw nothingOfTable(tableName, await destination.sources(), destination.name);
  return known;
}

/** The error for a table of which a destination has nothing; it names the table that was most likely meant. */
export function nothingOfTable(table: string, sources: readonly SourceTable[], destination: string): TailraceError {
  const meant = likeliestName(
    table,
    sources.map(({ name }) => name),
  );
  return new TailraceError('destination-missing', `Nothing of table ${table} is in ${destination}`, {
    context: { table },
    ...(meant !== undefined && { remedy: `Did you mean ${meant}? Run \`tailrace setup ${table}\` otherwise.` }),
  });
}
