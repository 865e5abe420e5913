import type { DeadLetterStore } from '../../../src/delivery/dead-letter.ts';
import { readDeadLetter } from '../../../src/delivery/dead-letter-text.ts';
import { outline } from '../../../src/delivery/outline.ts';
import { TailraceError } from '../../../src/errors.ts';
import type { Dependencies } from '../../dependencies.ts';
import { shellWord } from '../../next-step/shell-word.ts';
import {
  bucketOption,
  chosenLetters,
  type DeadLetterOptions,
  openDeadLetters,
  unknownLetter,
} from '../../options/dead-letter-location.ts';
import type { ExitCode } from '../../start.ts';
import type { Output } from '../../terminal/output.ts';

export type DeadLettersShowOptions = DeadLetterOptions & {
  readonly id: string;
  /** Whether the record is shown with its values. */
  readonly values: boolean;
};

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
      remedy: `Look at the file itself; \`tailrace dead-letters remove ${table} ${shellWord(id, process.platform)}${bucketOption(store.name)} --yes\` removes it.`,
    });
  }
  return letter;
}
