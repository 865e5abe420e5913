import { TailraceError } from '../errors.ts';
import { likeliestName } from '../schema/likeliest-path.ts';
import type { SourceTable } from '../source/source-table.ts';

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
