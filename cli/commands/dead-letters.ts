import type { Start } from '../program.ts';
import type { Root } from '../root.ts';
import { examples } from '../terminal/examples.ts';
import { declareDeadLettersList } from './dead-letters-list.ts';
import { declareDeadLettersRemove } from './dead-letters-remove.ts';
import { declareDeadLettersReplay } from './dead-letters-replay.ts';
import { declareDeadLettersShow } from './dead-letters-show.ts';

/** The command that the others of dead letters belong to. */
export type DeadLettersCommand = ReturnType<typeof createCommand>;

export function declareDeadLetters(root: Root, start: Start): void {
  const command = createCommand(root);
  for (const declare of [
    declareDeadLettersList,
    declareDeadLettersShow,
    declareDeadLettersReplay,
    declareDeadLettersRemove,
  ]) {
    declare(command, start);
  }
}

function createCommand(root: Root) {
  return root
    .command('dead-letters')
    .summary('look at records that were set aside, and deliver them again')
    .description(
      'Dead letters: records that could not be written, each kept with its reason until it is delivered after all or ' +
        'removed. tail, replay and backfill keep them in the state directory, the Lambda in its bucket.',
    )
    .addHelpText('after', examples('tailrace dead-letters list orders'))
    .helpCommand(false);
}
