import { TABLE_ARGUMENT } from '../options/declarations.ts';
import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';

export function declareTail(root: Root, start: Start): void {
  const command = root
    .command('tail')
    .description(
      'Follows the stream of a DynamoDB table and appends its changes to the changelog, until Ctrl-C or SIGTERM stops ' +
        'it. Started again, it resumes where it stopped; the first run begins with the oldest change that the stream ' +
        'holds. Records that can never be written become dead letters in the state directory. A DuckDB file is compacted ' +
        'meanwhile, whenever the changes outnumber the rows of the snapshot.',
    )
    .argument(...TABLE_ARGUMENT)
    .option('--no-compact', 'leave the changes in a DuckDB file as they are, for `tailrace compact`')
    .addHelpText(
      'after',
      examples(
        'tailrace tail orders --destination duckdb:shop.duckdb',
        'tailrace tail orders --destination duckdb:shop.duckdb --json >> tail.log',
      ),
    );
  command.action((table, { compact }) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { tail } = await import('../commands/tail/tail.ts');
      return tail({ ...invocation, table, compact }, dependencies, output);
    }),
  );
}
