import { readDuration, S3_OPTION } from '../options/declarations.ts';
import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';

export function declareStatus(root: Root, start: Start): void {
  const command = root
    .command('status')
    .description(
      'Shows what the destination holds of a table, or of every table: changes, items, the newest change and its age, ' +
        'the lag, how soon the newest change was written, the published snapshot, whether a tail runs with this state ' +
        'directory, and the dead letters. Warns if the latest view is unproven. Needs no AWS. With an endpoint on this ' +
        'machine, it also asks the server there whether the table is still the same one. Exit code 1: a lag is over ' +
        '--max-lag or not known, or the ledger of snapshots is spoiled.',
    )
    .argument('[table]', 'name of the DynamoDB table (default: all)')
    .option(
      '--max-lag <duration>',
      'for monitors: exit code 1 if the lag is greater or not known; such as 90s, 5m, 2h',
      readDuration,
    )
    .option('--watch', 'show it again every two seconds (BigQuery: every minute), until Ctrl-C')
    .option(S3_OPTION[0], 'also count the dead letters in the bucket of the Lambda, s3://bucket[/prefix]')
    .addHelpText(
      'after',
      examples(
        'tailrace status --destination duckdb:shop.duckdb',
        'tailrace status orders --destination duckdb:shop.duckdb --json',
        'tailrace status orders --destination duckdb:shop.duckdb --max-lag 5m',
        'tailrace status --destination duckdb:shop.duckdb --watch',
      ),
    );
  command.action((table, { maxLag, watch = false, s3 }) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { status } = await import('../commands/status/status.ts');
      return status({ ...invocation, table, maxLag, watch, s3 }, dependencies, output);
    }),
  );
}
