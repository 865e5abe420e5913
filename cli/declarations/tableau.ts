import { TABLE_ARGUMENT } from '../options/declarations.ts';
import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';
import { SCHEMAS_OPTION } from './schemas-option.ts';

export function declareTableau(root: Root, start: Start): void {
  const command = root
    .command('tableau')
    .description(
      'Writes a Tableau data source (.tds) for each typed view of a table, as its schema declares them: a caption, a role, an ' +
        'aggregation and a format for each column. It is a live connection to BigQuery, for which Tableau asks to sign in: the ' +
        'file holds no credentials. With --extract it is one to a Hyper extract instead. What no field of Tableau can be is ' +
        'hidden, and named on stderr. Needs no AWS.',
    )
    .argument(...TABLE_ARGUMENT)
    .requiredOption('--out <path>', 'the .tds file to write, or a directory for VIEW.tds files; - is standard output')
    .option('--view <name>', 'only this view (default: every typed view of the table)')
    .option('--dataset <name>', 'PROJECT.DATASET in which Tableau finds the views (default: the destination)')
    .option('--bill-to <project>', "project that Tableau's queries are billed to (default: the project of the views)")
    .option('--extract <file>', 'the .hyper file that Tableau reads instead of BigQuery')
    .option(...SCHEMAS_OPTION)
    .option('--force', 'replace files that are otherwise')
    .addHelpText(
      'after',
      examples(
        'tailrace tableau orders --destination bigquery:my-project.shop --out orders.tds',
        'tailrace tableau orders --destination bigquery:my-project.shop --dataset my-project.board --out tableau/',
        'tailrace tableau orders --destination duckdb:shop.duckdb --extract orders.hyper --out orders.tds',
      ),
    );
  command.action((table, options) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { tableau } = await import('../commands/tableau/tableau.ts');
      return tableau({ ...invocation, ...options, table }, dependencies, output);
    }),
  );
}
