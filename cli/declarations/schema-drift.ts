import { readDuration } from '../options/declarations.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';
import type { Group } from './group.ts';
import { SCHEMAS_OPTION } from './schemas-option.ts';

const DEFAULT_SINCE = '7d';

export function declareDrift(group: Group, start: Start): void {
  const command = group
    .command('drift')
    .summary('compare the recent changes with the schema')
    .description(
      'Compares the changes that were ingested lately with the schema of their table: attributes that no column shows, ' +
        "columns that no change has, and values that don't fit their column any more, by their types and never by value. " +
        'Reads the changelog, and nothing else. Exit code 1 means that there is a difference. Needs no AWS.',
    )
    .argument('<table>', 'name of the DynamoDB table')
    .option(...SCHEMAS_OPTION)
    .option('--since <duration>', `changes of how long are looked at (default: ${DEFAULT_SINCE})`, readDuration)
    .addHelpText('after', examples('tailrace schema drift orders --destination duckdb:shop.duckdb --since 30d'));
  command.action((table, { schemas, since = readDuration(DEFAULT_SINCE) }) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { schemaDrift } = await import('../commands/schema/drift.ts');
      return schemaDrift({ ...invocation, table, schemas, sinceMs: since }, dependencies, output);
    }),
  );
}
