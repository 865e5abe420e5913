import { TABLE_ARGUMENT } from '../options/declarations.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';
import type { Group } from './group.ts';
import { SCHEMAS_OPTION } from './schemas-option.ts';

export function declareDbt(group: Group, start: Start): void {
  const command = group
    .command('dbt')
    .summary("print dbt's sources of a table: its typed views and its changelog")
    .description(
      "Prints a sources.yml for dbt 1.10 and later: the typed views that the table's schema declares, with the description " +
        'and the type of every column, and the changelog, with a check of freshness that reads little of it. Needs no AWS.',
    )
    .argument(...TABLE_ARGUMENT)
    .option('--source <name>', 'name of the source in dbt (default: the dataset, or the file without its extension)')
    .option(...SCHEMAS_OPTION)
    .addHelpText(
      'after',
      examples(
        'tailrace schema dbt orders --destination bigquery:my-project.shop > models/orders.yml',
        'tailrace schema dbt orders --destination duckdb:shop.duckdb --source dynamodb > models/orders.yml',
      ),
    );
  command.action((table, options) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { schemaDbt } = await import('../commands/schema/dbt.ts');
      return schemaDbt({ ...invocation, ...options, table }, dependencies, output);
    }),
  );
}
