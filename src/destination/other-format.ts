import { TailraceError } from '../errors.ts';
import type { KnownChangelog, RememberedTable } from './known-table.ts';

/**
 * Refuses a changelog in the form of another version of Tailrace: its rows mean something else, so nothing may be read
 * from it or added to it.
 *
 * @param destination As a user names it, such as `duckdb:shop.duckdb`.
 * @throws {TailraceError} `destination-conflict` with the way out.
 */
export function requireThisFormat(table: RememberedTable, destination?: string): KnownChangelog {
  const { source, changelog } = table;
  if (changelog !== null) return { ...table, changelog };
  const { name } = source;
  throw new TailraceError(
    'destination-conflict',
    `${destination ?? 'The destination'} has table ${name} in the form of another version of Tailrace`,
    {
      context: { table: name },
      remedy:
        `Run \`tailrace remove ${name}\`, which drops it, then \`tailrace setup ${name}\` and \`tailrace backfill ${name}\`. ` +
        'To keep it, use another dataset or file.',
    },
  );
}
