import { DRY_RUN_OPTION, TABLE_ARGUMENT, YES_OPTION } from '../options/declarations.ts';
import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';

export function declareRemove(root: Root, start: Start): void {
  const command = root
    .command('remove')
    .description(
      'Drops everything that Tailrace made in the destination for a table: typed view, latest view, snapshots and ' +
        'changelog. Also removes the files that record how far tail, replay and backfill have come. Asks first: changes ' +
        "that the stream no longer holds are gone for good. Other tables' objects and objects that are not Tailrace's " +
        'stay. So do dead letters and the ledger, which marks the snapshots as dropped; a ledger of another version of ' +
        'Tailrace goes with the last table of that version. If it is stopped half way, run it again. Needs no AWS. Exit code 1: something was left.',
    )
    .argument(...TABLE_ARGUMENT)
    .option(...YES_OPTION)
    .option(...DRY_RUN_OPTION)
    .addHelpText(
      'after',
      examples(
        'tailrace remove orders --destination duckdb:shop.duckdb',
        'tailrace remove orders --destination bigquery:my-project.shop --dry-run',
      ),
    );
  command.action((table, { yes = false, dryRun = false }) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { remove } = await import('../commands/remove/remove.ts');
      return remove({ ...invocation, table, yes, dryRun }, dependencies, output);
    }),
  );
}
