import { type DeadLetterSummary, summariseDeadLetters } from '../../../src/delivery/dead-letter-summary.ts';
import type { Dependencies } from '../../dependencies.ts';
import { type DeadLetterOptions, openDeadLetters } from '../../options/dead-letter-location.ts';
import type { ExitCode } from '../../start.ts';
import { counted } from '../../terminal/format.ts';
import type { JsonObject, Output } from '../../terminal/output.ts';
import { printRows } from '../../terminal/table.ts';

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
