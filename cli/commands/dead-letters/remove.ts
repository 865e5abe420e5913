import { TailraceError } from '../../../src/errors.ts';
import type { Dependencies } from '../../dependencies.ts';
import { chosenLetters, type DeadLetterOptions, openDeadLetters } from '../../options/dead-letter-location.ts';
import type { ExitCode } from '../../start.ts';
import { counted } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import { confirmLoss } from '../confirm-loss.ts';

export type DeadLettersRemoveOptions = DeadLetterOptions & {
  readonly ids: readonly string[];
  readonly all: boolean;
  /** Whether the removal is confirmed. */
  readonly yes: boolean;
};

/**
 * Removes dead letters without delivering them, once the user has confirmed it. A named letter may be unreadable; another table's are
 * never removed.
 */
export async function deadLettersRemove(
  options: DeadLettersRemoveOptions,
  dependencies: Pick<Dependencies, 'openDeadLetterBucket' | 'signal' | 'confirm'>,
  output: Output,
): Promise<ExitCode> {
  const { table, all, yes } = options;
  using store = await openDeadLetters(options, dependencies);
  const found = await chosenLetters(store, table, options);
  const letters = all ? found.filter((letter) => !('problem' in letter)) : found;
  const left = found.length - letters.length;
  const what = `${counted(letters.length, 'dead letter')} of ${table} from ${store.name} for good`;
  const lost = letters.length === 1 ? 'Its change is' : 'Their changes are';
  const notes = [`${lost} lost, unless a backfill has read the item${letters.length === 1 ? '' : 's'} since.`];
  const isConfirmed = yes || letters.length === 0;
  if (!(await confirmLoss({ verb: 'remove', what, notes }, isConfirmed, dependencies, output))) return 1;
  let removed = 0;
  for (const { id } of letters) {
    if (dependencies.signal.aborted) throw interrupted(removed, letters.length);
    await store.remove(table, id);
    removed++;
  }
  if (output.json) output.emit({ table, location: store.name, removed, left });
  else output.print(`${counted(removed, 'dead letter')} of ${table} removed from ${store.name}.`);
  if (left > 0)
    output.warn(`${counted(left, 'file')} there can't be read as a dead letter: left. Name it to remove it.`);
  return left === 0 ? 0 : 1;
}

function interrupted(removed: number, chosen: number): TailraceError {
  return new TailraceError('interrupted', `The removal was interrupted: ${removed} of ${chosen} are gone`);
}
