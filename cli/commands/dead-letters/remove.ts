import { TailraceError } from '../../../src/errors.ts';
import type { Dependencies } from '../../dependencies.ts';
import { chosenLetters, type DeadLetterOptions, openDeadLetters } from '../../options/dead-letter-location.ts';
import type { ExitCode } from '../../start.ts';
import { counted } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';

export type DeadLettersRemoveOptions = DeadLetterOptions & {
  readonly ids: readonly string[];
  readonly all: boolean;
  /** Whether the removal is confirmed. */
  readonly yes: boolean;
};

/** Removes dead letters without delivering them. A named letter may be unreadable; another table's are never removed. */
export async function deadLettersRemove(
  options: DeadLettersRemoveOptions,
  { openDeadLetterBucket, signal }: Pick<Dependencies, 'openDeadLetterBucket' | 'signal'>,
  output: Output,
): Promise<ExitCode> {
  const { table, all, yes } = options;
  using store = await openDeadLetters(options, { openDeadLetterBucket });
  const found = await chosenLetters(store, table, options);
  const letters = all ? found.filter((letter) => !('problem' in letter)) : found;
  const left = found.length - letters.length;
  if (!yes && letters.length > 0) {
    throw new TailraceError(
      'usage-invalid',
      `${counted(letters.length, 'dead letter')} of ${table} in ${store.name} would be removed for good; nothing was removed`,
      { remedy: 'Add --yes to remove them.' },
    );
  }
  let removed = 0;
  for (const { id } of letters) {
    if (signal.aborted) throw interrupted(removed, letters.length);
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
