import { DEFAULT_MAX_FINDINGS, DEFAULT_WHOLE } from '../../backfill/verify/verify-options.ts';
import {
  readPercent,
  SEGMENTS_OPTION,
  secondsReader,
  TABLE_ARGUMENT,
  wholeNumberReader,
} from '../options/declarations.ts';
import { VERIFY_LAG } from '../options/defaults.ts';
import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';

export function declareVerify(root: Root, start: Start): void {
  const command = root
    .command('verify')
    .description(
      'Compares every item of a DynamoDB table with the latest view, both ways. Works while the table is written to: a ' +
        'difference counts only if it is still there after the stream had time to deliver. Prints each finding with its ' +
        'key: missing (in the table only), extra (in the view only) or different. Exit code 0: they agree; 1: they ' +
        'differ, or the read cap was reached; 2: the comparison could not be finished.',
    )
    .argument(...TABLE_ARGUMENT)
    .option('--sample <percent>', 'compare only a random part of both sides; reports what it can not see', readPercent)
    .option(
      '--repair',
      'if they differ, publish a snapshot of what was read; reports what changed; the exit code stays 1',
    )
    .option(...SEGMENTS_OPTION)
    .option(
      '--max-lag <duration>',
      'how long a change may take from the table to the view, ' +
        `such as 30s or 5m (default: ${VERIFY_LAG.remote}s; ${VERIFY_LAG.local}s on a loopback endpoint)`,
      secondsReader(3_600),
    )
    .option(
      '--max-read-units <number>',
      'never use more read units than this; compare only what was read by then (exit code 1)',
      wholeNumberReader(1, Number.MAX_SAFE_INTEGER),
    )
    .option(
      '--rate <number>',
      'read units per second, for all segments and rechecks together',
      wholeNumberReader(1, 10_000_000),
    )
    .option(
      '--max-findings <number>',
      'list at most this many findings: each takes about fourteen reads to be certain',
      wholeNumberReader(1, Number.MAX_SAFE_INTEGER),
      DEFAULT_MAX_FINDINGS,
    )
    .option(
      '--whole <number>',
      'random items that are compared in full, not only by digest',
      wholeNumberReader(0, 100_000),
      DEFAULT_WHOLE,
    )
    .addHelpText(
      'after',
      examples(
        'tailrace verify orders --destination duckdb:shop.duckdb',
        'tailrace verify orders --destination duckdb:shop.duckdb --json > findings.jsonl',
        'tailrace verify orders --destination bigquery:my-project.shop --sample 1 --max-read-units 100000',
        'tailrace verify orders --destination duckdb:shop.duckdb --repair',
      ),
    );
  command.action((table, own) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { verify } = await import('../commands/verify/verify.ts');
      return verify(
        {
          ...invocation,
          table,
          segments: own.segments,
          maxLag: own.maxLag,
          maxReadUnits: own.maxReadUnits,
          rate: own.rate,
          maxFindings: own.maxFindings,
          whole: own.whole,
          sample: own.sample,
          repair: own.repair ?? false,
        },
        dependencies,
        output,
      );
    }),
  );
}
