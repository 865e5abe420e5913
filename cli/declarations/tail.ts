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
        'holds. Records that can never be written become dead letters in the state directory.',
    )
    .argument(...TABLE_ARGUMENT)
    .addHelpText(
      'after',
      examples(
        'tailrace tail orders --destination duckdb:shop.duckdb',
        'tailrace tail orders --destination duckdb:shop.duckdb --json >> tail.log',
      ),
    );
  command.action((table) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { tail } = await import('../commands/tail/tail.ts');
      return tail({ ...invocation, table }, dependencies, output);
    }),
  );
}
