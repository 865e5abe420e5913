import { TailraceError } from '../../../src/errors.ts';
import type { Dependencies } from '../../dependencies.ts';
import {
  chosenLetters,
  type DeadLetterOptions,
  openDeadLetters,
  S3_OPTION,
} from '../../options/dead-letter-location.ts';
import { TABLE_ARGUMENT } from '../../options/declarations.ts';
import { examples } from '../../root.ts';
import type { ExitCode, Start } from '../../start.ts';
import { counted } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import type { Group } from '../group.ts';

export type DeadLettersRemoveOptions = DeadLetterOptions & {
  readonly ids: readonly string[];
  readonly all: boolean;
  /** Whether the removal is confirmed. */
  readonly yes: boolean;
};

export function declareDeadLettersRemove(parent: Group, start: Start): void {
  const command = parent
    .command('remove')
    .summary('remove dead letters with their records')
    .description(
      'Removes dead letters for good, without delivering them, if --yes is given. Their changes are then lost unless a ' +
        'backfill has read the items since. --all leaves files that are no letters of the table. Needs no destination.',
    )
    .argument(...TABLE_ARGUMENT)
    .argument('[ids...]', 'ids of the letters, as in the list')
    .option('--all', 'every letter of the table')
    .option('--yes', 'remove them; without it nothing is removed')
    .option(...S3_OPTION)
    .addHelpText(
      'after',
      examples('tailrace dead-letters remove orders 4421584500000000017450439092-9f86d081884c7d65 --yes'),
    );
  command.action((table, ids, { all = false, yes = false, s3 }) =>
    start.locally(command.optsWithGlobals(), table, (invocation, dependencies, output) =>
      deadLettersRemove({ ...invocation, table, ids, all, yes, s3 }, dependencies, output),
    ),
  );
}

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
