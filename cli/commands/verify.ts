import { runVerify, type VerifyFinding, type VerifyProgress, type VerifyResult } from '../../backfill/verify.ts';
import { identity } from '../../src/privacy/transform.ts';
import type { Dependencies } from '../dependencies.ts';
import type { ExitCode } from '../exit-code.ts';
import type { Invocation } from '../invocation.ts';
import type { Start } from '../program.ts';
import type { Root } from '../root.ts';
import { examples } from '../terminal/examples.ts';
import { count, counted, duration } from '../terminal/format.ts';
import { oneLine } from '../terminal/one-line.ts';
import type { Output } from '../terminal/output.ts';
import { createRate } from '../terminal/rate.ts';
import { wholeNumber } from '../whole-number.ts';
import { scanLine } from './scan-line.ts';

export type VerifyOptions = Invocation & {
  readonly table: string;
  readonly segments: number;
  /** In seconds; `undefined` for what fits the endpoint. */
  readonly maxLag: number | undefined;
};

const DEFAULT_SEGMENTS = 4;

/** Seconds that a change may take from the table to the view: through Lambda, and through a tail on the same machine. */
const DEFAULT_LAG = { remote: 30, local: 5 };

const EXIT_CODES = { agree: 0, differ: 1, unfinished: 2 } as const satisfies Record<VerifyResult['verdict'], ExitCode>;

export function declareVerify(root: Root, start: Start): void {
  const command = root
    .command('verify')
    .summary('prove that table and latest view agree')
    .description(
      'Compares every item of a DynamoDB table with the latest view, both ways. Works while the table is written to: a ' +
        'difference counts only if it is still there once the stream had time to deliver. Prints each finding and its ' +
        'key: missing (in the table only), extra (in the view only) or different. Exit code 0: they agree; 1: they ' +
        'differ; 2: it could not be found out.',
    )
    .argument('<table>', 'name of the DynamoDB table')
    .option('--segments <number>', 'parts of the table that are read at once', wholeNumber(1, 1_000), DEFAULT_SEGMENTS)
    .option(
      '--max-lag <seconds>',
      'how long a change may take from the table to the view ' +
        `(default: ${DEFAULT_LAG.remote}; ${DEFAULT_LAG.local} on a loopback endpoint)`,
      wholeNumber(0, 3_600),
    )
    .addHelpText(
      'after',
      examples(
        'tailrace verify orders --destination duckdb:shop.duckdb',
        'tailrace verify orders --destination duckdb:shop.duckdb --json > findings.jsonl',
      ),
    );
  command.action((table, { segments, maxLag }) =>
    start(command.optsWithGlobals(), table, (invocation, dependencies, output) =>
      verify({ ...invocation, table, segments, maxLag }, dependencies, output),
    ),
  );
}

/** Compares the table with the latest view, and writes what differs. */
export async function verify(options: VerifyOptions, dependencies: Dependencies, output: Output): Promise<ExitCode> {
  const { table, segments } = options;
  const { clock, random, signal } = dependencies;
  using source = await dependencies.connect(options.aws);
  await using destination = await dependencies.openDestination(options.destination);

  using report = reportOf(table, dependencies, output);
  const found = await runVerify({
    table,
    reader: source.tables,
    destination,
    transform: identity,
    clock,
    random,
    segments,
    lagMs: (options.maxLag ?? (source.isLocal ? DEFAULT_LAG.local : DEFAULT_LAG.remote)) * 1_000,
    signal,
    onProgress: report.progress,
  });
  report[Symbol.dispose]();

  const findings = found.findings.toSorted(byKey);
  const write = output.json ? output.emit : (finding: VerifyFinding) => output.print(lineOf(finding));
  for (const { finding, key, reason } of findings) write({ finding, key, ...(reason !== undefined && { reason }) });
  const summary = summaryOf(table, found);
  if (output.json) output.emit(summary);
  else output.print(sentenceOf(summary));
  if (found.unsettled > 0) {
    output.warn(
      `${counted(found.unsettled, 'key')} of ${table} could not be settled: they changed all the time, or the findings were enough. Run it again.`,
    );
  }
  return EXIT_CODES[found.verdict];
}

function reportOf(table: string, { clock }: Dependencies, output: Output) {
  const line = output.progress();
  const rate = createRate(clock);
  return {
    progress(progress: VerifyProgress) {
      const { phase, items, open } = progress;
      if (phase === 'scanning') line.update(scanLine(table, progress, rate.perSecond(items)));
      else line.update({ text: `${table}: looking again at ${counted(open, 'key')}` });
    },
    [Symbol.dispose]: () => line.stop(),
  };
}

function lineOf({ finding, key, reason }: VerifyFinding): string {
  const why = reason === undefined ? '' : `  ${reason}`;
  return oneLine(`${finding.padEnd(9)}  ${key ?? '(a key that can not be carried)'}${why}`);
}

/** Those without a key first, then in order of the key's text. */
function byKey({ key: a }: VerifyFinding, { key: b }: VerifyFinding): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function summaryOf(table: string, found: VerifyResult) {
  const countOf = (wanted: VerifyFinding['finding']) =>
    found.findings.filter(({ finding }) => finding === wanted).length;
  return {
    agree: found.verdict === 'agree',
    verdict: found.verdict,
    table,
    items: found.sourceItems,
    rows: found.latestItems,
    missing: countOf('missing'),
    extra: countOf('extra'),
    different: countOf('different'),
    unsettled: found.unsettled,
    sampled: found.sampled,
    read_units: found.units,
    duration_ms: Math.round(found.durationMs),
  };
}

const VERDICTS = { agree: 'They agree', differ: 'They differ', unfinished: 'Not found out' } as const;

function sentenceOf(summary: ReturnType<typeof summaryOf>): string {
  const { verdict, table, items, rows, missing, extra, different, sampled, duration_ms } = summary;
  return (
    `${VERDICTS[verdict]}: ${counted(items, 'item')} in ${table}, ${counted(rows, 'row')} in the latest view; ` +
    `${count(missing)} missing, ${count(extra)} extra, ${count(different)} different; ` +
    `${counted(sampled, 'item')} compared whole; ${duration(duration_ms)}.`
  );
}
