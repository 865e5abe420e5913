import { TailraceError } from '../../src/errors.ts';
import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';

export function declareQuery(root: Root, start: Start): void {
  const command = root
    .command('query')
    .description(
      'Runs one SQL statement in the destination and prints its rows: as a table, with --csv as CSV, or with --json as one ' +
        'object per row, JSON columns as JSON. On a terminal, rows that are too wide for a table become records, and JSON ' +
        'that does not fit is cut in its middle. A statement that does more than read is refused, unless --write is given. ' +
        'BigQuery bills what a statement reads: stderr has the bill after the rows, and --dry-run prints what it would be. ' +
        'Needs no AWS, and works while tail runs. Exit code 1: a dry run finds more than --max-bytes-billed.',
    )
    .argument('<sql>', "the statement, in the destination's dialect")
    .option('--csv', 'print the rows as CSV, with the names of the columns first')
    .allowExcessArguments()
    .option('--write', 'run a statement that writes, too, such as DROP VIEW or COPY')
    .option('--dry-run', 'print what the statement would bill, and run nothing')
    .addHelpText(
      'after',
      examples(
        'tailrace query "SELECT count(*) FROM orders_latest" --destination duckdb:shop.duckdb',
        'tailrace query "SELECT item FROM orders_latest LIMIT 3" --destination duckdb:shop.duckdb --json',
        'tailrace query "SELECT key, item FROM orders_latest" --destination duckdb:shop.duckdb --csv > orders.csv',
        'tailrace query "SELECT item FROM shop.orders_latest" --destination bigquery:my-project.shop --dry-run',
      ),
    );
  command.action((sql, { csv = false, write = false, dryRun = false }) => {
    if (command.args.length > 1) {
      throw new TailraceError('usage-invalid', `The statement came in ${command.args.length} arguments`, {
        remedy: 'Put it in quotes, as in `tailrace query "SELECT 1"`.',
      });
    }
    return start(command.optsWithGlobals(), undefined, async (invocation, dependencies, output) => {
      const { query } = await import('../commands/query.ts');
      return query({ ...invocation, sql, csv, write, dryRun }, dependencies, output);
    });
  });
}
