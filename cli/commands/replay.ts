import { DeadLetterDirectory } from '../../src/delivery/dead-letter-directory.ts';
import { createStreamHandler } from '../../src/delivery/stream-handler.ts';
import { TailraceError } from '../../src/errors.ts';
import { streamArn } from '../../src/order/stream-arn.ts';
import { identity } from '../../src/privacy/transform.ts';
import { eventFileSource } from '../../src/stream/event-file.ts';
import type { RecordSource } from '../../src/stream/record-source.ts';
import { CountedDeadLetters } from '../counted-dead-letters.ts';
import type { Dependencies } from '../dependencies.ts';
import type { ExitCode } from '../exit-code.ts';
import { type Invocation, stateOf } from '../invocation.ts';
import type { Start } from '../program.ts';
import type { Root } from '../root.ts';
import { statePaths } from '../state/state-paths.ts';
import { examples } from '../terminal/examples.ts';
import { counted } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';
import { terminalLog } from '../terminal/terminal-log.ts';
import { unlessInterrupted } from '../unless-interrupted.ts';
import { surveyRecords } from './replay-survey.ts';

export type ReplayOptions = Invocation & {
  readonly table: string;
  /** `-` is standard input. */
  readonly file: string;
  /** The stream of records that don't name it. */
  readonly streamArn: string | undefined;
  readonly dryRun: boolean;
};

export function declareReplay(root: Root, start: Start): void {
  const command = root
    .command('replay')
    .summary('deliver records again, from a file')
    .description(
      'Delivers the records of a file again: a Lambda event, {"Records": [...]}, or what `aws dynamodbstreams ' +
        'get-records` gave. Doing so twice is harmless. Creates what is missing in the destination, and needs no AWS. ' +
        "Another table's records are refused before anything is written.",
    )
    .argument('<table>', 'name of the DynamoDB table')
    .requiredOption('--file <path>', 'the file; - for standard input')
    .option('--stream-arn <arn>', 'the stream of records that do not name it, as in the output of get-records')
    .option('--dry-run', 'say what would be delivered, and write nothing')
    .addHelpText(
      'after',
      examples(
        'tailrace replay orders --file event.json --destination duckdb:shop.duckdb',
        'cat event.json | tailrace replay orders --file - --destination duckdb:shop.duckdb --dry-run',
      ),
    );
  command.action((table, { file, streamArn: arn, dryRun = false }) =>
    start(command.optsWithGlobals(), table, (invocation, dependencies, output) =>
      replay({ ...invocation, table, file, streamArn: arn, dryRun }, dependencies, output),
    ),
  );
}

/** Delivers a file's records. All of them are looked at before the first is written. */
export async function replay(options: ReplayOptions, dependencies: Dependencies, output: Output): Promise<ExitCode> {
  const { table, file, dryRun } = options;
  if (options.streamArn !== undefined) streamArn(options.streamArn);
  const records = eventFileSource(
    await unlessInterrupted('The reading', dependencies.signal, dependencies.readText(file)),
    {
      name: file === '-' ? 'standard input' : file,
      ...(options.streamArn !== undefined && { streamArn: options.streamArn }),
    },
  );
  const survey = await surveyRecords(records, table, dependencies.signal);
  const { deadLetters } = statePaths(stateOf(options, table));

  const nothingToDo = dryRun || survey.source === undefined;
  const setAside = nothingToDo
    ? survey.unusable
    : await deliver(records, survey.source, deadLetters, options, dependencies, output);
  const result = {
    table,
    records: survey.records,
    delivered: survey.records - setAside,
    set_aside: setAside,
    dead_letters: setAside > 0 && !dryRun ? deadLetters : null,
    dry_run: dryRun,
  };
  if (output.json) output.emit(result);
  else for (const line of linesOf(result)) output.print(line);
  return setAside === 0 ? 0 : 1;
}

async function deliver(
  records: RecordSource,
  source: { readonly name: string; readonly arn: string; readonly tableId: null },
  directory: string,
  options: ReplayOptions,
  { openDestination, clock, signal }: Dependencies,
  output: Output,
): Promise<number> {
  await using destination = await openDestination(options.destination);
  const { created } = await destination.prepare(source, identity.generation);
  if (created.length > 0) output.note(`Created in ${destination.name}: ${created.join(', ')}.`);
  const deadLetters = new CountedDeadLetters(new DeadLetterDirectory(directory));
  const handler = createStreamHandler({
    source,
    destination,
    deadLetters,
    transform: identity,
    origin: 'replay',
    clock,
    log: terminalLog(output),
  });
  for await (const page of records.pages(signal)) {
    const { batchItemFailures } = await handler({ Records: page.records }, page);
    if (batchItemFailures.length > 0) {
      throw new TailraceError(
        'dead-letter-failed',
        `Of ${source.name}, ${counted(batchItemFailures.length, 'record')} could not be set aside`,
        {
          context: { table: source.name, sequence_number: batchItemFailures[0]?.itemIdentifier ?? null, directory },
        },
      );
    }
    await page.acknowledge();
  }
  if (signal.aborted)
    throw new TailraceError('interrupted', `The replay of ${options.file} was stopped before its end`);
  return deadLetters.count;
}

type Result = {
  readonly table: string;
  readonly records: number;
  readonly delivered: number;
  readonly set_aside: number;
  readonly dead_letters: string | null;
  readonly dry_run: boolean;
};

function linesOf({ table, records, delivered, set_aside, dead_letters, dry_run }: Result): string[] {
  const would = dry_run ? 'would be ' : '';
  return [
    records === 0
      ? `The file has no records: nothing ${dry_run ? 'would be' : 'was'} written.`
      : `${counted(delivered, 'record')} of ${table} ${would}delivered, ${set_aside} ${would}set aside.`,
    ...(dead_letters === null ? [] : [`Dead letters: ${dead_letters}`]),
  ];
}
