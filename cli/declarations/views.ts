import { MAX_LISTED } from '../../src/destination/view-store.ts';
import { wholeNumberReader } from '../options/declarations.ts';
import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';
import { declareGroup, type Group } from './group.ts';
import { SCHEMAS_OPTION } from './schemas-option.ts';

const DEFAULT_LIMIT = 1_000;

export function declareViews(root: Root, start: Start): void {
  declareGroup(
    root,
    start,
    {
      noun: 'views',
      description: 'Typed views: the current state of a table as flat columns, as its schema declares them.',
      example: 'tailrace views apply orders --destination duckdb:shop.duckdb',
    },
    [declareApply, declareMisfits],
  );
}

function declareApply(group: Group, start: Start): void {
  const command = group
    .command('apply')
    .summary('make the typed views that schemas declare')
    .description(
      'Makes the typed views of a table as its schema declares them, or those of every table that has a schema: creates and ' +
        'replaces views, and drops those that the schema does not declare any more; only views that Tailrace made. Names the ' +
        'columns whose path no item has, with the likeliest real one, the views in which no item can be, and the values that ' +
        "don't fit their column, up to five keys a column: the view shows them as NULL. Exit code 1 means that a path or a " +
        'condition is met by no item, or that an item is in two views of kinds. Needs no AWS.',
    )
    .argument('[table]', 'name of the DynamoDB table (default: every table that has a schema)')
    .option(...SCHEMAS_OPTION)
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
      const { viewsApply } = await import('../commands/views/apply.ts');
      return viewsApply({ ...invocation, table, schemas, dryRun }, dependencies, output);
    }),
  );
}

function declareMisfits(group: Group, start: Start): void {
  const command = group
    .command('misfits')
    .summary("list the values that don't fit a column")
    .description(
      "Lists the keys of the items whose value doesn't fit a column of the table's schema, each with the type that the " +
        'value has, and never the value. The view need not be applied. Exit code 1 means that there are some, or that no ' +
        "item has the column's path. Needs no AWS.",
    )
    .argument('<table>', 'name of the DynamoDB table')
    .argument('<column>', "name of a column in the table's schema; VIEW.COLUMN if several views have it")
    .option(...SCHEMAS_OPTION)
    .option('--limit <number>', `list at most this many (default: ${DEFAULT_LIMIT})`, wholeNumberReader(1, MAX_LISTED))
    .addHelpText('after', examples('tailrace views misfits orders total --destination duckdb:shop.duckdb'));
  command.action((table, column, { schemas, limit = DEFAULT_LIMIT }) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { viewsMisfits } = await import('../commands/views/misfits.ts');
      return viewsMisfits({ ...invocation, table, column, schemas, limit }, dependencies, output);
    }),
  );
}
