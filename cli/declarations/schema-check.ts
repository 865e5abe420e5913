import { examples } from '../root.ts';
import type { Start } from '../start.ts';
import type { Group } from './group.ts';
import { SCHEMAS_OPTION } from './schemas-option.ts';

export function declareCheck(group: Group, start: Start): void {
  const command = group
    .command('check')
    .summary('read schema files, and name every problem in them')
    .description(
      'Reads the schema of a table, or of every table that has one, and names every problem of every file with its line. ' +
        'Needs neither a destination nor AWS.',
    )
    .argument('[table]', 'name of the DynamoDB table (default: every table that has a schema)')
    .option(...SCHEMAS_OPTION)
    .addHelpText('after', examples('tailrace schema check', 'tailrace schema check orders --schemas config/schemas'));
  command.action((table, { schemas }) =>
    start.locally(command.optsWithGlobals(), table, async (_invocation, dependencies, output) => {
      const { schemaCheck } = await import('../commands/schema/check.ts');
      return schemaCheck({ table, schemas }, dependencies, output);
    }),
  );
}
