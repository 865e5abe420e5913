import { interruptible } from '../../src/interruptible.ts';
import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';

export function declareStatus(root: Root, start: Start): void {
  const command = root
    .command('status')
    .description(
      'Shows what the destination holds of a table, or of every table: changes, items, the newest change and its age, ' +
        'how soon it was written, and the published snapshot. Warns if the latest view is unproven. Needs no AWS. With ' +
        'an endpoint on this machine, it also asks the server there whether the table is still the same one.',
    )
    .argument('[table]', 'name of the DynamoDB table (default: all)')
    .addHelpText(
      'after',
      examples(
        'tailrace status --destination duckdb:shop.duckdb',
        'tailrace status orders --destination duckdb:shop.duckdb --json',
      ),
    );
  command.action((table) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { status } = await import('../commands/status.ts');
      return interruptible('The status', dependencies.signal, status({ ...invocation, table }, dependencies, output));
    }),
  );
}
