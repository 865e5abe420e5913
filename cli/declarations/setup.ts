import { Option } from '@commander-js/extra-typings';
import { defaultHistoryDays, maxHistoryDays, PARTITION_UNITS } from '../../src/changelog/storage.ts';
import { interruptible } from '../../src/interruptible.ts';
import { DRY_RUN_OPTION, TABLE_ARGUMENT, wholeNumberReader } from '../options/declarations.ts';
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
    .addOption(
      new Option(
        '--partition <unit>',
        'what BigQuery partitions the changelog by; it can not be changed later (default: day)',
      ).choices(PARTITION_UNITS),
    )
    .option(
      '--history <days>',
      `days of changes that are never dropped from the changelog (default: ${defaultHistoryDays('day')}, or ${defaultHistoryDays('hour')} with partitions of an hour)`,
      wholeNumberReader(1, maxHistoryDays('day')),
    )
    .option(...DRY_RUN_OPTION)
    .addHelpText(
      'after',
      examples(
        'tailrace setup orders --destination duckdb:shop.duckdb',
        'tailrace setup orders --destination duckdb:shop.duckdb --enable-stream',
        'tailrace setup clicks --destination bigquery:my-project.shop --partition hour --history 90',
      ),
    );
  command.action((table, { enableStream = false, dryRun = false, partition, history }) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { setup } = await import('../commands/setup.ts');
      const wished = {
        ...(partition !== undefined && { partition }),
        ...(history !== undefined && { historyDays: history }),
      };
      return interruptible(
        'The setup',
        dependencies.signal,
        setup({ ...invocation, table, enableStream, wished, dryRun }, dependencies, output),
      );
    }),
  );
}
