import { DRY_RUN_OPTION, TABLE_ARGUMENT, wholeNumberReader } from '../options/declarations.ts';
import { DEFAULT_HORIZON_DAYS } from '../options/defaults.ts';
import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';

export function declareCompact(root: Root, start: Start): void {
  const command = root
    .command('compact')
    .description(
      'Folds the changes of a table since its snapshot into a new snapshot, inside the destination, and makes the state ' +
        'stand on it. All views show the same as before; what they read is the new snapshot and the changes since. It may ' +
        'run while changes come in and while a backfill reads. If another snapshot is published meanwhile, nothing is ' +
        'changed. Needs no AWS.',
    )
    .argument(...TABLE_ARGUMENT)
    .option(
      '--horizon <days>',
      'leave out removals older than this; changes older than this never count again ' +
        `(default: ${DEFAULT_HORIZON_DAYS})`,
      wholeNumberReader(2, 10_000),
    )
    .option(DRY_RUN_OPTION[0], 'report what would be read and billed, and do nothing')
    .addHelpText(
      'after',
      examples(
        'tailrace compact orders --destination duckdb:shop.duckdb',
        'tailrace compact orders --destination bigquery:my-project.shop --dry-run',
      ),
    );
  command.action((table, { horizon = DEFAULT_HORIZON_DAYS, dryRun = false }) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { compact } = await import('../commands/compact.ts');
      return compact({ ...invocation, table, horizonDays: horizon, dryRun }, dependencies, output);
    }),
  );
}
