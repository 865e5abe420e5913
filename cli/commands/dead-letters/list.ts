import { type DeadLetterSummary, summariseDeadLetters } from '../../../src/delivery/dead-letter-summary.ts';
import { interruptible } from '../../../src/interruptible.ts';
import type { Dependencies } from '../../dependencies.ts';
import { type DeadLetterOptions, openDeadLetters, S3_OPTION } from '../../options/dead-letter-location.ts';
import { TABLE_ARGUMENT } from '../../options/declarations.ts';
import { examples } from '../../root.ts';
import type { ExitCode, Start } from '../../start.ts';
import { counted } from '../../terminal/format.ts';
import type { JsonObject, Output } from '../../terminal/output.ts';
import { printRows } from '../../terminal/table.ts';
import type { Group } from '../group.ts';

export function declareDeadLettersList(parent: Group, start: Start): void {
  const command = parent
    .command('list')
    .summary('list the dead letters of a table')
    .description(
      'Lists the dead letters of a table: each record, and why and when it was set aside, but never a value of it. ' +
        'Exit code 1: there is a file among them that is no letter. Needs no destination.',
    )
    .argument(...TABLE_ARGUMENT)
    .option(...S3_OPTION)
    .addHelpText(
      'after',
      examples('tailrace dead-letters list orders', 'tailrace dead-letters list orders --s3 s3://my-failures --json'),
    );
  command.action((table, { s3 }) =>
    start.locally(command.optsWithGlobals(), table, (invocation, dependencies, output) =>
      interruptible(
        'The listing',
        dependencies.signal,
        deadLettersList({ ...invocation, table, s3 }, dependencies, output),
      ),
    ),
  );
}

/** Lists the dead letters of a table. */
export async function deadLettersList(
  options: DeadLetterOptions,
  dependencies: Pick<Dependencies, 'openDeadLetterBucket'>,
  output: Output,
): Promise<ExitCode> {
  const { table } = options;
  using store = await openDeadLetters(options, dependencies);
  const letters = await summariseDeadLetters(store, table, await store.list(table));
  const unreadable = letters.filter((letter) => 'problem' in letter).length;

  if (output.json) {
    for (const letter of letters) output.emit(objectOf(letter));
    output.emit({ table, location: store.name, dead_letters: letters.length - unreadable, unreadable });
  } else {
    printRows({ columns: COLUMNS, rows: letters.map(rowOf) }, output);
    output.print(`${counted(letters.length - unreadable, 'dead letter')} of ${table} in ${store.name}.`);
  }
  if (unreadable > 0) output.warn(`${counted(unreadable, 'file')} there can't be read as a dead letter.`);
  return unreadable === 0 ? 0 : 1;
}

const COLUMNS = ['id', 'kind', 'reason', 'at'];

function rowOf(letter: DeadLetterSummary): readonly (string | null)[] {
  return 'problem' in letter
    ? [letter.id, 'unreadable', letter.problem, null]
    : [letter.id, letter.kind, letter.reason, letter.at];
}

function objectOf(letter: DeadLetterSummary): JsonObject {
  if ('problem' in letter) return { id: letter.id, problem: letter.problem };
  const { id, kind, reason, at, stream_arn, shard_id, sequence_number, rules } = letter;
  return { id, kind, reason, at, stream_arn, shard_id, sequence_number, rules };
}
