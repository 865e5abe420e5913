import { interruptible } from '../../src/interruptible.ts';
import { DRY_RUN_OPTION, TABLE_ARGUMENT } from '../options/declarations.ts';
import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';

export function declareSetup(root: Root, start: Start): void {
  const command = root
    .command('setup')
    .description(
      'Creates what the destination lacks for a DynamoDB table, and checks the stream of the table. Existing objects are ' +
        'left as they are. The table itself is changed only by --enable-stream.',
    )
    .argument(...TABLE_ARGUMENT)
    .option('--enable-stream', 'switch the stream on, with NEW_AND_OLD_IMAGES, if it is off')
    .option(...DRY_RUN_OPTION)
    .addHelpText(
      'after',
      examples(
        'tailrace setup orders --destination duckdb:shop.duckdb',
        'tailrace setup orders --destination duckdb:shop.duckdb --enable-stream',
      ),
    );
  command.action((table, { enableStream = false, dryRun = false }) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { setup } = await import('../commands/setup.ts');
      return interruptible(
        'The setup',
        dependencies.signal,
        setup({ ...invocation, table, enableStream, dryRun }, dependencies, output),
      );
    }),
  );
}
