import { examples } from '../root.ts';
import type { Start } from '../start.ts';
import type { Group } from './group.ts';
import { SCHEMAS_OPTION } from './schemas-option.ts';

export function declareFit(group: Group, start: Start): void {
  const command = group
    .command('fit')
    .summary('count what each column finds in the items')
    .description(
      "Counts for each column of a table's views the items whose value fits, is NULL, is absent, or doesn't fit, with the " +
        'types of those, and never a value. The views need not be applied. Exit code 1 means that something does not fit, ' +
        "that no item has a column's path, or that an item is in more than one view of kinds of items. Needs no AWS.",
    )
    .argument('<table>', 'name of the DynamoDB table')
    .option(...SCHEMAS_OPTION)
    .addHelpText('after', examples('tailrace schema fit orders --destination duckdb:shop.duckdb'));
  command.action((table, { schemas }) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { schemaFit } = await import('../commands/schema/fit.ts');
      return schemaFit({ ...invocation, table, schemas }, dependencies, output);
    }),
  );
}
