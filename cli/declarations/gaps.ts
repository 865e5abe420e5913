import { S3_OPTION, secondsReader, TABLE_ARGUMENT } from '../options/declarations.ts';
import { GAPS_LAG } from '../options/defaults.ts';
import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';

export function declareGaps(root: Root, start: Start): void {
  const command = root
    .command('gaps')
    .description(
      'Reads everything that the stream of a DynamoDB table still holds (24 hours), and looks up each change in the ' +
        'changelog. Prints the changes that are not there as ranges: missing; parked (among the dead letters); or ' +
        'in-flight (younger than --max-lag, and perhaps on its way). Exit code 0: nothing is missing; 1: something is.',
    )
    .argument(...TABLE_ARGUMENT)
    .option('--fill', 'append what is missing, and report how much; the exit code stays 1')
    .option(
      '--max-lag <duration>',
      'how long a change may take from the table to the changelog, ' +
        `such as 30s or 5m (default: ${GAPS_LAG.remote}s; ${GAPS_LAG.local}s on a loopback endpoint)`,
      secondsReader(86_400),
    )
    .option(S3_OPTION[0], 'also look at the dead letters in the bucket of the Lambda, s3://bucket[/prefix]')
    .addHelpText(
      'after',
      examples(
        'tailrace gaps orders --destination duckdb:shop.duckdb',
        'tailrace gaps orders --destination bigquery:my-project.shop --s3 s3://my-failures --fill --json',
      ),
    );
  command.action((table, { fill = false, maxLag, s3 }) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { gaps } = await import('../commands/gaps.ts');
      return gaps({ ...invocation, table, fill, maxLag, s3 }, dependencies, output);
    }),
  );
}
