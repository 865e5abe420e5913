import type { DeadLetterStore } from '../../../src/delivery/dead-letter.ts';
import { readDeadLetter } from '../../../src/delivery/dead-letter-text.ts';
import { outline } from '../../../src/delivery/outline.ts';
import { TailraceError } from '../../../src/errors.ts';
import { interruptible } from '../../../src/interruptible.ts';
import type { Dependencies } from '../../dependencies.ts';
import {
  chosenLetters,
  type DeadLetterOptions,
  openDeadLetters,
  S3_OPTION,
  unknownLetter,
} from '../../options/dead-letter-location.ts';
import { TABLE_ARGUMENT } from '../../options/declarations.ts';
import { examples } from '../../root.ts';
import type { ExitCode, Start } from '../../start.ts';
import type { Output } from '../../terminal/output.ts';
import type { Group } from '../group.ts';

export type DeadLettersShowOptions = DeadLetterOptions & {
  readonly id: string;
  /** Whether the record is shown with its values. */
  readonly values: boolean;
};

export function declareDeadLettersShow(parent: Group, start: Start): void {
  const command = parent
    .command('show')
    .summary('show one dead letter')
    .description(
      'Shows one dead letter as JSON. Shows only names, types and lengths of its record, unless --values is given. ' +
        'Needs no destination.',
    )
    .argument(...TABLE_ARGUMENT)
    .argument('<id>', 'id of the letter, as in the list')
    .option('--values', 'show the record unchanged, with the values of its attributes')
    .option(...S3_OPTION)
    .addHelpText(
      'after',
      examples('tailrace dead-letters show orders 4421584500000000017450439092-9f86d081884c7d65 --values'),
    );
  command.action((table, id, { values = false, s3 }) =>
    start.locally(command.optsWithGlobals(), table, (invocation, dependencies, output) =>
      interruptible(
        'The reading',
        dependencies.signal,
        deadLettersShow({ ...invocation, table, id, values, s3 }, dependencies, output),
      ),
    ),
  );
}

/** Shows one dead letter. */
export async function deadLettersShow(
  options: DeadLettersShowOptions,
  dependencies: Pick<Dependencies, 'openDeadLetterBucket'>,
  output: Output,
): Promise<ExitCode> {
  const { table, id, values } = options;
  using store = await openDeadLetters(options, dependencies);
  await chosenLetters(store, table, { ids: [id], all: false });
  const { record, ...letter } = await read(store, table, id);
  const shown = { id, ...letter, record: values ? record : outline(record) };
  if (output.json) output.emit(shown);
  else output.print(JSON.stringify(shown, null, 2));
  return 0;
}

async function read(store: DeadLetterStore, table: string, id: string) {
  const bytes = await store.read(table, id);
  if (bytes === undefined) throw unknownLetter(store, table, id);
  const letter = readDeadLetter(bytes);
  if ('problem' in letter) {
    throw new TailraceError('state-invalid', `"${id}" in ${store.name} ${letter.problem}`, {
      context: { table },
      remedy: 'Look at the file itself; `tailrace dead-letters remove TABLE ID` removes it.',
    });
  }
  return letter;
}
