import { readDollars, SEGMENTS_OPTION, TABLE_ARGUMENT, wholeNumberReader } from '../options/declarations.ts';
import { DEFAULT_STREAM_AGE } from '../options/defaults.ts';
import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';

export function declareBackfill(root: Root, start: Start): void {
  const command = root
    .command('backfill')
    .description(
      'Scans a whole DynamoDB table into a snapshot, and publishes it: the state, which all views show, then stands on it. The table may ' +
        'be written to meanwhile: changes from the stream count over what the scan saw. The view never shows an ' +
        'incomplete snapshot. A later backfill repairs whatever was lost before it. However a run was stopped, the same ' +
        'command resumes it.',
    )
    .argument(...TABLE_ARGUMENT)
    .option(...SEGMENTS_OPTION)
    .option(
      '--max-read-units <number>',
      'never use more read units than this, over all runs: stop before, and save what was read (exit code 1)',
      wholeNumberReader(1, Number.MAX_SAFE_INTEGER),
    )
    .option('--max-cost <dollars>', 'the same cap as a price of the read units, in US dollars', readDollars)
    .option('--rate <number>', 'read units per second, for all segments together', wholeNumberReader(1, 10_000_000))
    .option(
      '--dry-run',
      'estimate units, time and cost, and read nothing, except a sample on a loopback endpoint that counts no items',
    )
    .option('--sample', 'with --dry-run: read a sample, about 24 MB at most, for a better estimate')
    .option('--prices <file>', 'your own prices, in place of the built-in prices of the region')
    .option('--yes', 'do not ask, whatever it costs')
    .option('--restart', 'drop what a stopped backfill has read, and start over')
    .option('--no-publish', 'only store the snapshot; `tailrace snapshots publish` can publish it later')
    .option(
      '--min-stream-age <seconds>',
      `how long the stream must have been on before the scan (default: ${DEFAULT_STREAM_AGE}; 0 on a loopback endpoint)`,
      wholeNumberReader(0, 86_400),
    )
    .addHelpText(
      'after',
      examples(
        'tailrace backfill orders --destination duckdb:shop.duckdb',
        'tailrace backfill orders --destination duckdb:shop.duckdb --segments 16 --json',
      ),
    );
  command.action((table, { restart = false, dryRun = false, sample = false, yes = false, ...own }) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { backfill } = await import('../commands/backfill/backfill.ts');
      return backfill(
        {
          ...invocation,
          table,
          restart,
          dryRun,
          sample,
          yes,
          maxCost: own.maxCost,
          prices: own.prices,
          segments: own.segments,
          minStreamAge: own.minStreamAge,
          publish: own.publish,
          maxReadUnits: own.maxReadUnits,
          rate: own.rate,
        },
        dependencies,
        output,
      );
    }),
  );
}
