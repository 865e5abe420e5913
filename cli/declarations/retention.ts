import { DRY_RUN_OPTION, TABLE_ARGUMENT, wholeNumberReader, YES_OPTION } from '../options/declarations.ts';
import { DEFAULT_KEPT_READINGS } from '../options/defaults.ts';
import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';

export function declareRetention(root: Root, start: Start): void {
  const command = root
    .command('retention')
    .description(
      'Drops the snapshots of a table that are no longer kept, and the changes that are older than the history which setup ' +
        'promises and that no snapshot needs. The published snapshot stays, and so does what a backfill or compaction has ' +
        'begun, with the changes that they need. So the views show the same as before. Changes go in whole days or hours, ' +
        'as the changelog is partitioned, and only once a snapshot is published. Asks first. If it is stopped half way, ' +
        'run it again. Needs no AWS.',
    )
    .argument(...TABLE_ARGUMENT)
    .option(
      '--keep <number>',
      'readings (scans or exports) of which the newest snapshot is kept: the published one, and the newest others to go ' +
        `back to (default: ${DEFAULT_KEPT_READINGS})`,
      wholeNumberReader(1, 1_000),
    )
    .option(...YES_OPTION)
    .option(...DRY_RUN_OPTION)
    .addHelpText(
      'after',
      examples(
        'tailrace retention orders --destination duckdb:shop.duckdb --dry-run',
        'tailrace retention orders --destination bigquery:my-project.shop --keep 1 --yes',
      ),
    );
  command.action((table, { keep = DEFAULT_KEPT_READINGS, yes = false, dryRun = false }) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { retention } = await import('../commands/retention/retention.ts');
      return retention({ ...invocation, table, keep, yes, dryRun }, dependencies, output);
    }),
  );
}
