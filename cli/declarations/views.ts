import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';
import { declareGroup, type Group } from './group.ts';

export function declareViews(root: Root, start: Start): void {
  declareGroup(
    root,
    start,
    {
      noun: 'views',
      description: 'Typed views: the current state of a table as flat columns, as its schema declares them.',
      example: 'tailrace views apply orders --destination duckdb:shop.duckdb',
    },
    [declareApply],
  );
}

function declareApply(group: Group, start: Start): void {
  const command = group
    .command('apply')
    .summary('create or replace typed views from their schemas')
    .description(
      'Creates or replaces the typed view of a table from its schema, or of every table that has a schema. Replaces only ' +
        "views that Tailrace made. Counts the values that don't fit their column: the view shows them as NULL. Needs no AWS.",
    )
    .argument('[table]', 'name of the DynamoDB table (default: every table that has a schema)')
    .option('--schemas <directory>', 'directory of the schemas, one file TABLE.json per table', 'schemas')
    .option('--dry-run', 'report what would be done and what would not fit, and do nothing')
    .addHelpText(
      'after',
      examples(
        'tailrace views apply --destination duckdb:shop.duckdb',
        'tailrace views apply orders --destination bigquery:my-project.shop --dry-run',
      ),
    );
  command.action((table, { schemas, dryRun = false }) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { viewsApply } = await import('../commands/views.ts');
      return viewsApply({ ...invocation, table, schemas, dryRun }, dependencies, output);
    }),
  );
}
